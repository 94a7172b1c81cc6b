import { Type, type Static } from "typebox";
import { anything, flag, int, open, optional, strict, text } from "./building-blocks.ts";

/** A request. `id` is chosen by the caller and comes back on every response to it. */
export const RequestFrame = strict({
  type: Type.Literal("req"),
  id: text(),
  method: text(),
  params: optional(anything()),
});
export type RequestFrame = Static<typeof RequestFrame>;

/** Why a request failed. Handler exceptions arrive as `UNAVAILABLE` with the exception's text. */
export const ErrorShape = open({
  /** One of `ERROR_CODES`; a plugin may add its own. */
  code: text(),
  message: text(),
  details: optional(anything()),
  retryable: optional(flag()),
  retryAfterMs: optional(int(0)),
});
export type ErrorShape = Static<typeof ErrorShape>;

/** An answer. A failed `agent` run carries a payload beside its error. */
export const ResponseFrame = strict({
  type: Type.Literal("res"),
  id: text(),
  ok: flag(),
  payload: optional(anything()),
  error: optional(ErrorShape),
});
export type ResponseFrame = Static<typeof ResponseFrame>;

/** Counters that grow whenever the presence list or the health summary changes. */
export const StateVersion = strict({ presence: int(0), health: int(0) });
export type StateVersion = Static<typeof StateVersion>;

/**
 * Something that happened. `seq` counts broadcasts of the whole gateway; targeted events carry none. A hole in `seq`
 * means missed events, and there is no replay: ask again.
 */
export const EventFrame = strict({
  type: Type.Literal("event"),
  event: text(),
  payload: optional(anything()),
  seq: optional(int(0)),
  stateVersion: optional(StateVersion),
});
export type EventFrame = Static<typeof EventFrame>;

export type Frame = RequestFrame | ResponseFrame | EventFrame;
