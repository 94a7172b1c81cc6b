import type { PlatformSide, SeenMessage, SendFailure, Written } from "./harness.ts";

export interface FakeEvent extends Written {
  seq: number;
  messageId: string;
  at: number;
  fromSelf: boolean;
}

/** What the fake wire does to a call: refusals come as answers, losses as silence. */
export class FakeRefusal extends Error {
  readonly reason: "unauthorized" | "rate-limited" | "forbidden" | "no-connection" | "no-answer";
  readonly retryAfterMs?: number;
  constructor(reason: FakeRefusal["reason"], retryAfterMs?: number) {
    super(reason);
    this.reason = reason;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

/** One connection of a bot. */
export interface FakeLink {
  /** Calls back with each event; the event counts as acknowledged when the promise resolves. */
  onEvent(listener: (event: FakeEvent) => void): void;
  onCut(listener: () => void): void;
  acknowledge(seq: number): void;
  /** False when nothing comes through any more. */
  ping(): boolean;
  close(): void;
}

export interface FakePlatform extends PlatformSide {
  login(token: string): FakeLink;
  post(target: string, message: Omit<SeenMessage, "messageId" | "reactions">): string;
  change(target: string, messageId: string, change: Partial<SeenMessage> | undefined): void;
}

const PLACES = { direct: "user-7", group: "room-1", thread: "room-1/topic-2" } as const;

/** A chat platform in memory, with everything a conformance case needs to see or break. */
export function createFakePlatform(token: string): FakePlatform {
  const chats = new Map<string, SeenMessage[]>();
  const links = new Map<FakeLink, { event?: (event: FakeEvent) => void; cut?: () => void; offered: Set<number> }>();
  let waiting: FakeEvent[] = [];
  let newest: FakeEvent | undefined;
  let count = 0;
  let failure: SendFailure | undefined;
  let refusing = false;
  let stopped = false;

  const chat = (target: string) => {
    const known = chats.get(target) ?? [];
    chats.set(target, known);
    return known;
  };
  const offer = (again = false) => {
    if (stopped) return;
    for (const { event: listener, offered } of links.values())
      for (const event of waiting) {
        if (listener === undefined || (offered.has(event.seq) && !again)) continue;
        offered.add(event.seq);
        listener(event);
      }
  };

  return {
    login(given) {
      if (refusing) throw new FakeRefusal("no-connection");
      if (given !== token) throw new FakeRefusal("unauthorized");
      const link: FakeLink = {
        onEvent(listener) {
          const state = links.get(link);
          if (state !== undefined) state.event = listener;
          queueMicrotask(() => offer());
        },
        onCut(listener) {
          const state = links.get(link);
          if (state !== undefined) state.cut = listener;
        },
        acknowledge(seq) {
          waiting = waiting.filter((event) => event.seq !== seq);
        },
        ping: () => !stopped && links.has(link),
        close: () => void links.delete(link),
      };
      links.set(link, { offered: new Set() });
      return link;
    },
    post(target, message) {
      if (refusing) throw new FakeRefusal("no-connection");
      const fault = failure;
      failure = undefined;
      if (fault?.type === "rate-limited") throw new FakeRefusal("rate-limited", fault.retryAfterMs);
      if (fault?.type === "forbidden") throw new FakeRefusal("forbidden");
      if (fault?.type === "lost-request") throw new FakeRefusal("no-answer");
      count += 1;
      const messageId = `m${count}`;
      chat(target).push({ ...message, messageId, reactions: [] });
      if (fault?.type === "lost-answer") throw new FakeRefusal("no-answer");
      return messageId;
    },
    change(target, messageId, change) {
      const index = chat(target).findIndex((message) => message.messageId === messageId);
      const found = chat(target)[index];
      if (found === undefined) return;
      if (change === undefined) chat(target).splice(index, 1);
      else Object.assign(found, change);
    },
    write(message) {
      count += 1;
      const target = PLACES[message.where];
      const messageId = `m${count}`;
      const fromSelf = chat(target).some((one) => one.messageId === message.answerTo);
      const seen = { messageId, text: message.text, hasMedia: message.media !== undefined, reactions: [] };
      chat(target).push(seen);
      newest = { ...message, seq: count, messageId, at: Date.now(), fromSelf };
      waiting.push(newest);
      offer();
      return Promise.resolve({ messageId });
    },
    redeliverLast() {
      if (newest === undefined) return;
      if (!waiting.includes(newest)) waiting.push(newest);
      offer(true);
    },
    unacknowledged: () => waiting.length,
    seen: (target) => chat(target),
    failNextSend(next) {
      failure = next;
    },
    refuseConnections() {
      refusing = true;
      return Promise.resolve();
    },
    acceptConnections() {
      refusing = false;
      return Promise.resolve();
    },
    dropConnections() {
      const cut = [...links.values()];
      links.clear();
      for (const link of cut) link.cut?.();
      return Promise.resolve(cut.length);
    },
    stopDelivering() {
      stopped = true;
    },
    resumeDelivering() {
      stopped = false;
      offer();
    },
    openConnections: () => links.size,
  };
}
