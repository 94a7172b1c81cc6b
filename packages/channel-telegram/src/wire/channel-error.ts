import { ChannelError, type ChannelErrorKind, OpenClawError } from "@openclaw/plugin-sdk";
import type { GrammyError, HttpError } from "grammy";
import { scrub } from "./scrub.ts";
import { TransportError } from "./transport-error.ts";

// By name, not by class: the library is not loaded here.
const isApiError = (error: unknown): error is GrammyError => error instanceof Error && error.name === "GrammyError";
const isHttpError = (error: unknown): error is HttpError => error instanceof Error && error.name === "HttpError";

export interface Refusal {
  code: number;
  description: string;
  retryAfterMs?: number;
  migratedTo?: string;
}

/** The Bot API's own refusal, when the error is one. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!isApiError(error)) return undefined;
  const refusal: Refusal = { code: error.error_code, description: error.description };
  const { retry_after: retryAfter, migrate_to_chat_id: migratedTo } = error.parameters;
  if (retryAfter !== undefined) refusal.retryAfterMs = retryAfter * 1000;
  if (migratedTo !== undefined) refusal.migratedTo = String(migratedTo);
  return refusal;
}

/** The one error that leaves this channel: what failed (`doing`), why, and whether the message can exist. */
export function toChannelError(error: unknown, doing: string, token: string): ChannelError {
  if (ChannelError.is(error)) return error;
  const fail = (kind: ChannelErrorKind, outcome: "not-sent" | "unknown", reason: string, retryAfterMs?: number) =>
    new ChannelError({ kind, outcome, message: scrub(`${doing}: ${reason}`, token), retryAfterMs });
  const refusal = refusalOf(error);
  if (refusal !== undefined) {
    // A 5xx comes from something in front of the bot server, or after it began: the message may exist.
    const outcome = refusal.code >= 500 ? "unknown" : "not-sent";
    return fail(kindOf(refusal), outcome, `${refusal.code} ${refusal.description}`, refusal.retryAfterMs);
  }
  if (OpenClawError.is(error)) return fail("invalid", "not-sent", error.message);
  const cause = isHttpError(error) ? error.error : error;
  if (!(cause instanceof TransportError)) return fail("unavailable", "unknown", String(cause));
  if (cause.phase === "connect") return fail("unavailable", "not-sent", `cannot reach Telegram: ${cause.message}`);
  if (cause.phase === "refused")
    return fail(cause.status === 413 ? "invalid" : "unavailable", "not-sent", cause.message);
  return fail("unavailable", "unknown", `no answer from Telegram: ${cause.message}`);
}

const NOT_FOUND = /not found|upgraded to a supergroup|TOPIC_(CLOSED|DELETED)|MESSAGE_ID_INVALID|PEER_ID_INVALID/i;
const FORBIDDEN =
  /not enough rights|have no rights|WRITE_FORBIDDEN|SEND_\w+_FORBIDDEN|not a member|can't be (edited|deleted)|ADMIN_REQUIRED/i;

function kindOf({ code, description }: Refusal): ChannelErrorKind {
  if (code === 429) return "rate-limited";
  // An unknown token is 401; one that is not even shaped like a token is a plain 404.
  if (code === 401 || (code === 404 && description === "Not Found")) return "auth";
  if (code === 403) return "forbidden";
  if (code === 409 || code >= 500) return "unavailable";
  if (FORBIDDEN.test(description)) return "forbidden";
  return NOT_FOUND.test(description) ? "not-found" : "invalid";
}
