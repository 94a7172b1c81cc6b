import type { ErrorShape, EventFrame, ResponseFrame, StateVersion } from "../schema/index.ts";

/**
 * Reads a frame that came from a gateway, checking only what the client relies on. Undefined for everything else:
 * garbage is ignored, because a newer gateway may say things this client does not know.
 */
export function parseInbound(data: unknown): EventFrame | ResponseFrame | undefined {
  if (typeof data !== "string") return undefined;
  let frame: unknown;
  try {
    frame = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (!isRecord(frame)) return undefined;
  if (frame.type === "event") return typeof frame.event === "string" ? readEvent(frame, frame.event) : undefined;
  if (frame.type !== "res" || typeof frame.id !== "string" || typeof frame.ok !== "boolean") return undefined;
  return { type: "res", id: frame.id, ok: frame.ok, payload: frame.payload, error: readError(frame.error) };
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function readEvent(frame: Record<string, unknown>, event: string): EventFrame {
  const { payload, seq, stateVersion } = frame;
  return {
    type: "event",
    event,
    payload,
    ...(isCount(seq) ? { seq } : {}),
    ...(isStateVersion(stateVersion) ? { stateVersion } : {}),
  };
}

const isCount = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value);

const isStateVersion = (value: unknown): value is StateVersion =>
  isRecord(value) && isCount(value.presence) && isCount(value.health);

function readError(error: unknown): ErrorShape | undefined {
  if (!isRecord(error)) return undefined;
  return {
    code: typeof error.code === "string" && error.code !== "" ? error.code : "UNAVAILABLE",
    message: typeof error.message === "string" ? error.message : "the gateway gave no reason",
    details: error.details,
    ...(typeof error.retryable === "boolean" ? { retryable: error.retryable } : {}),
    ...(typeof error.retryAfterMs === "number" ? { retryAfterMs: error.retryAfterMs } : {}),
  };
}
