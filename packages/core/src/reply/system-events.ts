import { hostZone, localTime, zoneLabel } from "../zoned-time.ts";

export interface SystemEvent {
  text: string;
  /** Epoch ms. */
  timestamp: number;
}

const LIMIT = 20;

/** What happened beside the conversation, for the model to read with the next message. In memory, by session key. */
export interface SystemEvents {
  /** Keeps the newest 20. A repetition of the last one, or an empty text, is left out: false. */
  add(sessionKey: string, event: SystemEvent): boolean;
  /** Takes them all, oldest first. */
  drain(sessionKey: string): SystemEvent[];
  peek(sessionKey: string): readonly SystemEvent[];
}

export function createSystemEvents(): SystemEvents {
  const events = new Map<string, SystemEvent[]>();
  return {
    add(sessionKey, event) {
      const text = event.text.replaceAll(/\s+/g, " ").trim();
      const queue = events.get(sessionKey) ?? [];
      if (text === "" || queue.at(-1)?.text === text) return false;
      events.set(sessionKey, [...queue, { ...event, text }].slice(-LIMIT));
      return true;
    },
    drain(sessionKey) {
      const queue = events.get(sessionKey) ?? [];
      events.delete(sessionKey);
      return queue;
    },
    peek: (sessionKey) => events.get(sessionKey) ?? [],
  };
}

/** `System: [2026-11-20 13:27:27 UTC] text` lines, an empty line, then the message. */
export function withSystemEvents(events: readonly SystemEvent[], body: string, zone: string = hostZone()): string {
  if (events.length === 0) return body;
  return `${events.map((event) => `System: [${stamp(event.timestamp, zone)}] ${event.text}`).join("\n")}\n\n${body}`;
}

function stamp(instant: number, zone: string): string {
  const time = localTime(instant, zone);
  const date = `${time.year}-${two(time.month)}-${two(time.day)}`;
  return `${date} ${two(time.hour)}:${two(time.minute)}:${two(time.second)} ${zoneLabel(instant, zone)}`;
}

const two = (value: number) => String(value).padStart(2, "0");
