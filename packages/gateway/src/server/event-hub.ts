import type { Clock } from "@openclaw/core";
import { deliveryOf } from "./event-audience.ts";
import type { BroadcastOptions, ConnectedClient } from "./types.ts";
import type { SocketWriter } from "./socket-writer.ts";

/** An authenticated client and the way to reach it. */
export interface HubMember {
  client: ConnectedClient;
  writer: SocketWriter;
}

export interface EventHubOptions {
  clock: Clock;
  tickIntervalMs: number;
  stateVersion(): { presence: number; health: number };
}

/** All authenticated clients, and the one sequence of broadcasts they share. */
export interface EventHub {
  join(member: HubMember): void;
  leave(connId: string): void;
  members(): IterableIterator<HubMember>;
  /** Takes the next sequence number even when it reaches nobody: a reader of few events sees gaps, as on every gateway. */
  broadcast(event: string, payload: unknown, options?: BroadcastOptions): void;
  sendTo(connId: string, event: string, payload: unknown): boolean;
  /** Ends the ticks. */
  stop(): void;
}

export function createEventHub({ clock, tickIntervalMs, stateVersion }: EventHubOptions): EventHub {
  const members = new Map<string, HubMember>();
  let seq = 0;
  let cancelTick = clock.after(tickIntervalMs, tick);

  function tick(): void {
    cancelTick = clock.after(tickIntervalMs, tick);
    broadcast("tick", { ts: clock.now() });
  }

  function broadcast(event: string, payload: unknown, options: BroadcastOptions = {}): void {
    seq += 1;
    const { droppable, reaches, stateVersion: versioned } = deliveryOf(event, options);
    let text: string | undefined;
    for (const { client, writer } of members.values()) {
      if (!reaches(client)) continue;
      text ??= JSON.stringify({
        type: "event",
        event,
        payload,
        seq,
        ...(versioned ? { stateVersion: stateVersion() } : {}),
      });
      writer.sendEvent(text, droppable);
    }
  }

  return {
    join: (member) => void members.set(member.client.connId, member),
    leave: (connId) => void members.delete(connId),
    members: () => members.values(),
    broadcast,
    sendTo(connId, event, payload) {
      const member = members.get(connId);
      return member?.writer.sendEvent(JSON.stringify({ type: "event", event, payload }), false) ?? false;
    },
    stop: () => cancelTick(),
  };
}
