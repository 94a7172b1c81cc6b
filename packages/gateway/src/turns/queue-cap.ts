import type { QueueSettings } from "@openclaw/core/reply";
import type { TurnRequest } from "../store/turns.ts";

/** What the cap of a chat's queue does to a newcomer and to those who wait. */
export interface CapDecision {
  /** Undefined: the newcomer is the one that is dropped. */
  request: TurnRequest | undefined;
  gone: TurnRequest[];
}

const LINE_CHARS = 160;

/** `waiting`: the chat's waiting messages, oldest first. */
export function applyCap(
  request: TurnRequest,
  waiting: readonly TurnRequest[],
  { cap, drop }: QueueSettings,
): CapDecision {
  if (waiting.length < cap) return { request, gone: [] };
  if (drop === "new") return { request: undefined, gone: [] };
  const gone = waiting.slice(0, waiting.length + 1 - cap);
  if (drop === "old") return { request, gone };
  const lines = gone.flatMap(({ dropped, body }) => [...(dropped?.lines ?? []), firstLine(body)]);
  const count = gone.reduce((sum, { dropped }) => sum + (dropped?.count ?? 0) + 1, 0);
  return { request: { ...request, dropped: { lines: lines.slice(-cap), count } }, gone };
}

/** Both are answered by one agent in one place. People who share a session are different chats. */
export function sameChat(one: TurnRequest, other: TurnRequest): boolean {
  return one.route !== undefined && one.agentId === other.agentId && sameTarget(one, other);
}

/** Answers to both arrive in the same place; two that are delivered nowhere do. */
export function sameTarget({ route: one }: TurnRequest, { route: other }: TurnRequest): boolean {
  return one?.channel === other?.channel && one?.account === other?.account && one?.target === other?.target;
}

function firstLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= LINE_CHARS ? line : `${line.slice(0, LINE_CHARS - 1)}…`;
}
