import { isRecord } from "../wire/narrow.ts";
import type { AgentEvent, ChatEvent } from "./live-run.ts";

export type RunEvent =
  | { type: "agent"; event: AgentEvent; at: number }
  | { type: "chat"; event: ChatEvent; at: number };

const chatStates = ["delta", "final", "aborted", "error"] as const;

/** Reads the payload of an `agent` or `chat` event; undefined for anything else. `now` stands in for a missing time. */
export function readRunEvent(event: string, payload: Record<string, unknown>, now: number): RunEvent | undefined {
  const { runId } = payload;
  if (typeof runId !== "string") return undefined;
  if (event === "agent" && typeof payload.stream === "string") {
    const data = isRecord(payload.data) ? payload.data : {};
    return { type: "agent", event: { runId, stream: payload.stream, data }, at: timeOr(payload.ts, now) };
  }
  const state = chatStates.find((name) => name === payload.state);
  if (event !== "chat" || !state) return undefined;
  const { message, errorMessage } = payload;
  const at = timeOr(isRecord(message) ? message.timestamp : undefined, now);
  return {
    type: "chat",
    event: { runId, state, message, errorMessage: typeof errorMessage === "string" ? errorMessage : undefined },
    at,
  };
}

function timeOr(value: unknown, now: number): number {
  return typeof value === "number" ? value : now;
}
