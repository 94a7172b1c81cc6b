import { hostZone, isZone, localTime, type LocalTime, zoneLabel } from "../zoned-time.ts";

export interface EnvelopeOptions {
  /** `local` (default: this machine), `utc`, `user`, or an IANA zone. Unknown names count as `local`. */
  timezone?: string;
  /** Zone of `user`. */
  userTimezone?: string;
  /** Default true. */
  timestamp?: boolean;
  /** Default true. */
  elapsed?: boolean;
}

export interface EnvelopeFacts {
  /** As people call it: `Telegram`. */
  channel: string;
  /** See `fromLabel`. */
  from: string;
  /** Epoch ms at which it was written. */
  timestamp: number;
  /** Epoch ms of the session's last activity. */
  previousAt?: number;
  /** Group chats: whose words these are. */
  sender?: string;
  body: string;
}

/** `[Telegram Alice id:42 +5m 2026-11-20 13:27 UTC] text`: what the model reads before a channel's message. */
export function formatEnvelope(facts: EnvelopeFacts, options: EnvelopeOptions = {}): string {
  const elapsed =
    options.elapsed === false || facts.previousAt === undefined
      ? undefined
      : formatElapsed(facts.timestamp - facts.previousAt);
  const head = [
    label(facts.channel),
    label(facts.from),
    elapsed && `+${elapsed}`,
    options.timestamp === false ? undefined : formatTimestamp(facts.timestamp, options),
  ].filter((part) => part !== undefined && part !== "");
  const sender = facts.sender === undefined ? "" : `${label(facts.sender)}: `;
  return `[${head.join(" ")}] ${sender}${facts.body}`;
}

/** `[Fri 2026-11-20 13:27 UTC] text`, for messages that come over the gateway's own methods. `timezone` is an IANA name. */
export function formatRpcEnvelope(text: string, { now, timezone }: { now: number; timezone?: string }): string {
  const zone = timezone !== undefined && isZone(timezone) ? timezone : hostZone();
  const time = localTime(now, zone);
  return `[${time.weekday} ${date(time)} ${minutes(time)} ${zoneLabel(now, zone)}] ${text}`;
}

/** Who or where: `<title> id:<id>` for groups, `<name> id:<id>` for people. Names are untrusted and made harmless. */
export function fromLabel({ name, id }: { name?: string; id: string }): string {
  const clean = label(name ?? "");
  return clean === "" ? `id:${label(id)}` : `${clean} id:${label(id)}`;
}

/**
 * The lines that end a channel's message: who (in groups, unless the text says so) and the message's id, so that the
 * model can reply to it.
 */
export function withMessageHints(text: string, hints: { from?: string; messageId?: string }): string {
  const from = hints.from === undefined ? undefined : `[from: ${label(hints.from)}]`;
  const id = hints.messageId === undefined ? undefined : `[message_id: ${label(hints.messageId)}]`;
  return [text, from && !text.includes(from) ? from : undefined, id].filter((line) => line !== undefined).join("\n");
}

const stamp = String.raw`\d{4}-\d\d-\d\d(?:T\d\d:\d\dZ| \d\d:\d\d [^\]\s]{1,12})`;
const envelopeHead = new RegExp(String.raw`^\[(?:[A-Z][a-z]{2} |[^\]\n]{1,300} )${stamp}\] ?`);
const messageHint = /\n?\[(?:message_id|from): [^\]\n]*\][ \t]*(?=\n|$)/g;
const currentMark = "[Current message - respond to this]\n";

/** A user's message as the person wrote it: without envelope, context blocks and hints. For histories that people read. */
export function stripEnvelope(text: string): string {
  const current = text.indexOf(currentMark);
  const own = current < 0 ? text : text.slice(current + currentMark.length);
  return own.replace(envelopeHead, "").replace(messageHint, "");
}

/** `45s`, `5m`, `3h`, `2d`; never negative. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

/** `2026-11-20 13:27 CET`, or `2026-11-20T12:27Z` for `utc`. */
export function formatTimestamp(instant: number, options: EnvelopeOptions = {}): string {
  if (options.timezone === "utc") return `${new Date(instant).toISOString().slice(0, 16)}Z`;
  const wanted = options.timezone === "user" ? options.userTimezone : options.timezone;
  const zone = wanted !== undefined && wanted !== "local" && isZone(wanted) ? wanted : hostZone();
  const time = localTime(instant, zone);
  return `${date(time)} ${minutes(time)} ${zoneLabel(instant, zone)}`;
}

/** Names come from strangers: brackets or line breaks in them must not look like ours. */
function label(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replaceAll("[", "(")
    .replaceAll("]", ")")
    .trim()
    .slice(0, 120)
    .replace(/[\ud800-\udbff]$/, "");
}

const two = (value: number) => String(value).padStart(2, "0");
const date = (time: LocalTime) => `${time.year}-${two(time.month)}-${two(time.day)}`;
const minutes = (time: LocalTime) => `${two(time.hour)}:${two(time.minute)}`;
