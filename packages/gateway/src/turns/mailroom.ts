import type { Clock, Log } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import { type QueueSettings, resolveQueue } from "@openclaw/core/reply";
import type { GatewaySessions } from "../sessions/gateway-sessions.ts";
import type { Store } from "../store/store.ts";
import type { TurnRequest } from "../store/turns.ts";
import type { TurnEngine } from "./engine.ts";
import type { TurnOutcome } from "./outcome.ts";
import { questionIsKept } from "./resume.ts";
import { wasRead } from "./steering.ts";

export interface MailroomOptions {
  store: Store;
  engine: TurnEngine;
  sessions: GatewaySessions;
  config(): OpenClawConfig;
  clock: Clock;
  log: Log;
}

/** Brings turns that one session's turn calls for to another session, each exactly once, across crashes. */
export interface Mailroom {
  /** Call inside the transaction that calls for the turn; it is handed to the engine right after. */
  post(request: TurnRequest): void;
  /** Call inside the transaction that ends a turn: what it carried has arrived. */
  ended(request: TurnRequest, outcome: Pick<TurnOutcome, "status">): void;
  /** Takes up what a previous process left. Call after the engine's `recover`. */
  recover(): void;
}

export function createMailroom({ store, engine, sessions, config, clock, log }: MailroomOptions): Mailroom {
  function hand(id: string): void {
    try {
      const request = store.mail.get(id);
      // The engine knows a turn by its id: handing it over again starts nothing.
      if (request) engine.submit(request, queueFor(request));
    } catch (error) {
      log.error(`a turn for ${id} could not be queued; it is tried again at the next start: ${String(error)}`);
    }
  }

  /** A step of a conversation between agents waits its turn; a result comes as the session wants its messages. */
  function queueFor({ exchange, sessionKey, route }: TurnRequest): QueueSettings | undefined {
    if (exchange) return undefined;
    const session = sessions.entry(sessionKey);
    const queue = resolveQueue({ session, config: config().messages?.queue, channel: route?.channel ?? "webchat" });
    // A result stops nobody's turn, and it is told once.
    if (queue.mode === "interrupt") return { ...queue, mode: "followup" };
    return queue.mode === "steer-backlog" ? { ...queue, mode: "steer" } : queue;
  }

  function reachedTranscript(request: TurnRequest): boolean {
    if (!sessions.entry(request.sessionKey)) return false;
    const { transcript } = sessions.open(request);
    return questionIsKept(request.runId, transcript) || wasRead(request, transcript);
  }

  return {
    post(request) {
      store.mail.add({ ...request, mail: [request.runId] }, clock.now());
      queueMicrotask(() => hand(request.runId));
    },
    ended(request, { status }) {
      const { mail = [], sessionKey } = request;
      if (mail.length === 0) return;
      // Stopped before the model could read it: the session hears of it with its next turn.
      if (status !== "ok" && !reachedTranscript(request)) {
        for (const id of mail) {
          const letter = store.mail.get(id);
          if (letter && !letter.exchange) store.systemEvents.add(sessionKey, letter.body, clock.now());
        }
      }
      for (const id of mail) store.mail.remove(id);
    },
    recover() {
      for (const { runId } of store.mail.all()) hand(runId);
    },
  };
}
