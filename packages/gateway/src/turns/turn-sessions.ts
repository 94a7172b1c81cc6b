import type { TurnInput, TurnResult } from "@openclaw/agent";
import type { Transcript } from "@openclaw/core/sessions";
import type { TurnRequest } from "../store/turns.ts";

/** A session as a turn needs it. */
export interface TurnSession {
  transcript: Transcript;
  /** The session's own choices, over the agent's. */
  model?: string;
  thinking?: TurnRequest["thinking"];
  authProfile?: TurnInput["authProfile"];
}

/** The engine's view of sessions; the gateway's sessions implement it. */
export interface TurnSessions {
  /** Opens (or begins) the session of a turn and its transcript. */
  open(request: TurnRequest): TurnSession;
  /** Records how a turn went in the session's entry. Returns the session id. */
  note(request: TurnRequest, result: TurnResult, now: number): string;
}
