import { OpenClawError } from "../error.ts";
import { shorten } from "./key-segment.ts";

/** Session ids come from clients too (`agent.sessionId`), so they are held to what cannot leave a folder. */
export function assertSessionId(sessionId: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(sessionId) && !sessionId.includes("..")) return sessionId;
  throw new OpenClawError({
    code: "SESSION_ID_INVALID",
    message: `The session id ${JSON.stringify(sessionId.slice(0, 64))} is not valid.`,
    hint: "Use letters, digits, `.`, `_` and `-`, at most 128 characters; a UUID is usual.",
  });
}

/** `<sessionId>.jsonl`, with `-topic-<thread>` before the ending for a Telegram topic. Never a path. */
export function transcriptFileName(sessionId: string, topicId?: string): string {
  const topic = topicId ? `-topic-${shortName(encodeURIComponent(wellFormed(topicId)), topicId)}` : "";
  return `${assertSessionId(sessionId)}${topic}.jsonl`;
}

/** Name of a fork: its time with `:` and `.` as `-`, then the new session id. */
export function forkFileName(sessionId: string, now: number): string {
  return `${new Date(now).toISOString().replaceAll(/[:.]/g, "-")}_${assertSessionId(sessionId)}.jsonl`;
}

/** A session key as a single file or folder name: nothing in it separates, hides or escapes. */
export function sessionKeyFileName(key: string): string {
  const name = key.replaceAll(/[^A-Za-z0-9+@=_.-]/gu, escapeCharacter).replace(/^\./, "%2e");
  return shortName(name, key);
}

const escapeCharacter = (character: string) =>
  encodeURIComponent(wellFormed(character)).replace(/^[^%]$/, (same) => `%${same.charCodeAt(0).toString(16)}`);
const shortName = (name: string, original: string) => (name.length <= 200 ? name : shorten(name, original, 160));
/** Lone surrogates as U+FFFD; `encodeURIComponent` throws on them. */
const wellFormed = (text: string) => Buffer.from(text).toString();
