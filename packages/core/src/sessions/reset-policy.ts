import { hostZone, instantOf, localTime } from "../zoned-time.ts";
import { parseSessionKey } from "./parse-session-key.ts";

export interface ResetRule {
  /** `daily` with `idleMinutes` given means both, as `both` does: whichever comes first. */
  mode?: "daily" | "idle" | "both";
  /** Hour of the daily boundary, 0-23, wall clock. Default 4. */
  atHour?: number;
  /** Default 60 where the mode asks for it. */
  idleMinutes?: number;
}

/** The part of the configuration's `session` section that decides when a conversation starts anew. */
export interface ResetSettings {
  reset?: ResetRule;
  resetByType?: { dm?: ResetRule; direct?: ResetRule; group?: ResetRule; thread?: ResetRule };
  resetByChannel?: Readonly<Record<string, ResetRule>>;
  /** Old form: idle only, when nothing else is set. */
  idleMinutes?: number;
}

export type ResetType = "thread" | "group" | "dm";

/** What applies to one session. An absent half does not apply. */
export interface ResetPolicy {
  atHour?: number;
  idleMinutes?: number;
}

const DEFAULT_HOUR = 4;
const DEFAULT_IDLE_MINUTES = 60;

/** Threads before groups before direct chats. Channels count as groups. */
export function resetTypeOf(session: { key: string; chatKind?: string; threadId?: string }): ResetType {
  const parsed = parseSessionKey(session.key);
  if (session.threadId || ("threadId" in parsed && parsed.threadId)) return "thread";
  const kind = session.chatKind ?? parsed.kind;
  return kind === "group" || kind === "channel" ? "group" : "dm";
}

/** The channel's rule alone when it has one; else the type's fields over the general ones. */
export function resetPolicyFor(settings: ResetSettings | undefined, type: ResetType, channel?: string): ResetPolicy {
  const byType = settings?.resetByType;
  const typeRule = type === "dm" ? (byType?.dm ?? byType?.direct) : byType?.[type];
  const channelRule = channel === undefined ? undefined : settings?.resetByChannel?.[channel];
  const rule: ResetRule = channelRule ?? { ...settings?.reset, ...typeRule };

  if (settings?.idleMinutes !== undefined && !settings.reset && !settings.resetByType && !channelRule) {
    return { idleMinutes: minutes(settings.idleMinutes) };
  }
  const mode = rule.mode ?? "daily";
  const idle =
    mode === "daily" ? rule.idleMinutes : (rule.idleMinutes ?? settings?.idleMinutes ?? DEFAULT_IDLE_MINUTES);
  return {
    ...(mode === "idle" ? {} : { atHour: hour(rule.atHour) }),
    ...(idle === undefined ? {} : { idleMinutes: minutes(idle) }),
  };
}

/**
 * Whether a session that was last active at `updatedAt` starts anew when a message comes in at `now` (epoch ms). `zone`
 * is an IANA name; default: this machine's. A clock that went backwards never makes a session stale.
 */
export function isStale(session: {
  updatedAt: number;
  now: number;
  policy: ResetPolicy;
  zone?: string;
}): "daily" | "idle" | false {
  const { updatedAt, now, policy, zone = hostZone() } = session;
  if (policy.atHour !== undefined && updatedAt < lastBoundary(now, policy.atHour, zone)) return "daily";
  if (policy.idleMinutes !== undefined && now > updatedAt + policy.idleMinutes * 60_000) return "idle";
  return false;
}

/** The latest instant not after `now` at which the wall of `zone` showed the hour. */
export function lastBoundary(now: number, atHour: number, zone: string): number {
  const today = localTime(now, zone);
  const boundary = instantOf(today, atHour, zone);
  if (boundary <= now) return boundary;
  const { year, month, day } = today;
  const yesterday = new Date(Date.UTC(year, month - 1, day - 1));
  return instantOf(
    { year: yesterday.getUTCFullYear(), month: yesterday.getUTCMonth() + 1, day: yesterday.getUTCDate() },
    atHour,
    zone,
  );
}

const hour = (value: number | undefined) =>
  value !== undefined && Number.isFinite(value) ? Math.min(23, Math.max(0, Math.floor(value))) : DEFAULT_HOUR;
const minutes = (value: number) => (Number.isFinite(value) ? Math.max(1, Math.floor(value)) : DEFAULT_IDLE_MINUTES);
