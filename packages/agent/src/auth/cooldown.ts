import type { Failure, FailureKind } from "../runtime/failure.ts";

/** `usageStats[id]` of `auth-profiles.json`. */
export interface ProfileStats {
  /** Epoch ms, as every time here. */
  lastUsed?: number;
  errorCount?: number;
  cooldownUntil?: number;
  disabledUntil?: number;
  disabledReason?: string;
  failureCounts?: Record<string, number>;
  lastFailureAt?: number;
  /** Why it rests. */
  cooldownReason?: string;
  /** The rest counts for this model alone: limits are often per model. */
  cooldownModel?: string;
  /** From then on one request may find out whether the provider has recovered. */
  probeAfter?: number;
  /** Of the secret that failed: a replaced key is not held responsible. */
  secretTag?: string;
}

/** `auth.cooldowns`, in ms. */
export interface CooldownPolicy {
  billingMs: number;
  billingMsByProvider: Readonly<Record<string, number>>;
  billingMaxMs: number;
  failureWindowMs: number;
}

export interface Rest {
  /** Epoch ms. */
  until: number;
  reason: FailureKind;
  /** One request may try it now. */
  probe: boolean;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const COOLDOWNS_MS = [1, 5, 25, 60].map((minutes) => minutes * MINUTE);
/** How long a resting credential is left alone before one request probes it. */
const PROBE_AFTER_MS: Partial<Record<FailureKind, number>> = { billing: 30 * MINUTE, auth: 5 * MINUTE };
const RESTING_KINDS: readonly FailureKind[] = ["auth", "billing", "rate-limit", "overloaded", "timeout", "network"];
const PER_MODEL: readonly FailureKind[] = ["rate-limit", "overloaded", "timeout"];

export const DEFAULT_COOLDOWNS: CooldownPolicy = {
  billingMs: 5 * HOUR,
  billingMsByProvider: {},
  billingMaxMs: 24 * HOUR,
  failureWindowMs: 24 * HOUR,
};

/** Whether this failure says something about the credential or its provider, and not about one request. */
export function causesRest(kind: FailureKind): boolean {
  return RESTING_KINDS.includes(kind);
}

/** Undefined: the credential may be used for this model now. */
export function restOf(stats: ProfileStats | undefined, model: string, now: number): Rest | undefined {
  if (!stats) return undefined;
  const cooling = stats.cooldownModel === undefined || stats.cooldownModel === model ? (stats.cooldownUntil ?? 0) : 0;
  const until = Math.max(cooling, stats.disabledUntil ?? 0);
  if (until <= now) return undefined;
  const disabled = (stats.disabledUntil ?? 0) > now;
  return {
    until,
    reason: kindNamed(disabled ? (stats.disabledReason ?? "billing") : stats.cooldownReason),
    probe: stats.probeAfter !== undefined && now >= stats.probeAfter,
  };
}

export interface FailureNote {
  provider: string;
  model: string;
  failure: Failure;
  now: number;
  policy: CooldownPolicy;
}

/**
 * The statistics after a failure: 1, 5, 25, then 60 minutes of rest by the number of failures, hours when the account
 * has no credit. A probe that fails moves the next probe, not the end of the rest: looking must not make it longer.
 */
export function afterFailure(
  stats: ProfileStats,
  { provider, model, failure, now, policy }: FailureNote,
): ProfileStats {
  const { kind } = failure;
  const forgotten = now - (stats.lastFailureAt ?? 0) > policy.failureWindowMs;
  const counts = forgotten ? {} : (stats.failureCounts ?? {});
  const name = kind.replaceAll("-", "_");
  const probeAfter =
    now + Math.min(Math.max(PROBE_AFTER_MS[kind] ?? MINUTE, failure.retryAfterMs ?? 0), COOLDOWNS_MS[3]!);
  const rest = restOf(stats, model, now);
  if (rest && (rest.reason === "billing") === (kind === "billing")) {
    return { ...stats, lastFailureAt: now, probeAfter };
  }
  const failureCounts = { ...counts, [name]: (counts[name] ?? 0) + 1 };
  const errorCount = (forgotten ? 0 : (stats.errorCount ?? 0)) + 1;
  const next: ProfileStats = { ...stats, errorCount, failureCounts, lastFailureAt: now, probeAfter };
  if (kind === "billing") {
    const base = policy.billingMsByProvider[provider] ?? policy.billingMs;
    const wait = Math.min(base * 2 ** (failureCounts[name]! - 1), policy.billingMaxMs);
    return { ...next, disabledUntil: now + wait, disabledReason: name };
  }
  const step = COOLDOWNS_MS[Math.min(errorCount, COOLDOWNS_MS.length) - 1]!;
  next.cooldownUntil = now + Math.max(step, Math.min(failure.retryAfterMs ?? 0, COOLDOWNS_MS[3]!));
  next.cooldownReason = name;
  const othersRest = (stats.cooldownUntil ?? 0) > now;
  if (PER_MODEL.includes(kind) && !othersRest) next.cooldownModel = model;
  else delete next.cooldownModel;
  return next;
}

/** The statistics after an answer: everything that was held against the credential is forgotten. */
export function afterSuccess(stats: ProfileStats, model: string, now: number): ProfileStats {
  const otherModel = stats.cooldownModel !== undefined && stats.cooldownModel !== model;
  if (otherModel && (stats.cooldownUntil ?? 0) > now) return { ...stats, lastUsed: now };
  return { lastUsed: now, errorCount: 0 };
}

/** False when only the time of use would change: not worth a write. */
export function isClean(stats: ProfileStats | undefined): boolean {
  return !stats || (!stats.errorCount && !stats.cooldownUntil && !stats.disabledUntil);
}

const KINDS: readonly FailureKind[] = [...RESTING_KINDS, "server", "format", "unknown"];

function kindNamed(name: string | undefined): FailureKind {
  const found = KINDS.find((kind) => kind.replaceAll("-", "_") === name);
  return found ?? "rate-limit";
}
