import { expect, test } from "vitest";
import type { FailureKind } from "../runtime/failure.ts";
import { afterFailure, afterSuccess, causesRest, DEFAULT_COOLDOWNS, restOf, type ProfileStats } from "./cooldown.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T0 = Date.UTC(2026, 0, 1);

function fail(
  stats: ProfileStats,
  kind: FailureKind,
  now: number,
  more: { model?: string; retryAfterMs?: number } = {},
) {
  const { model = "m", retryAfterMs } = more;
  const failure = { kind, detail: "", ...(retryAfterMs ? { retryAfterMs } : {}) };
  return afterFailure(stats, { provider: "p", model, failure, now, policy: DEFAULT_COOLDOWNS });
}

test("failures one after the other rest 1, 5, 25, then 60 minutes", () => {
  let stats: ProfileStats = {};
  let now = T0;
  const rests: number[] = [];
  for (let n = 0; n < 6; n++) {
    stats = fail(stats, "auth", now);
    rests.push((stats.cooldownUntil! - now) / MINUTE);
    now = stats.cooldownUntil!;
  }
  expect(rests).toEqual([1, 5, 25, 60, 60, 60]);
  expect(stats).toMatchObject({ errorCount: 6, failureCounts: { auth: 6 } });
});

test("no credit rests 5 hours, doubling to 24; auth.cooldowns changes that", () => {
  let stats: ProfileStats = {};
  let now = T0;
  const rests: number[] = [];
  for (let n = 0; n < 5; n++) {
    stats = fail(stats, "billing", now);
    rests.push((stats.disabledUntil! - now) / HOUR);
    now = stats.disabledUntil!;
  }
  expect(rests).toEqual([5, 10, 20, 24, 24]);
  expect(stats.disabledReason).toBe("billing");
  const policy = { ...DEFAULT_COOLDOWNS, billingMsByProvider: { p: HOUR } };
  const failure = { kind: "billing" as const, detail: "" };
  const own = afterFailure({}, { provider: "p", model: "m", failure, now: T0, policy });
  expect(own.disabledUntil).toBe(T0 + HOUR);
});

test("a day without failure, or an answer, forgets everything", () => {
  const old = fail(fail({}, "auth", T0), "auth", T0 + 2 * MINUTE);
  expect(fail(old, "auth", T0 + 26 * HOUR)).toMatchObject({ errorCount: 1, failureCounts: { auth: 1 } });
  expect(afterSuccess(fail(old, "billing", T0 + HOUR), "m", T0 + HOUR)).toEqual({ lastUsed: T0 + HOUR, errorCount: 0 });
});

test("a limit of one model leaves the others alone, until a second one fails too", () => {
  const one = fail({}, "rate-limit", T0, { model: "opus" });
  expect(restOf(one, "opus", T0 + 1)).toMatchObject({ reason: "rate-limit", until: T0 + MINUTE });
  expect(restOf(one, "haiku", T0 + 1)).toBeUndefined();
  expect(restOf(afterSuccess(one, "haiku", T0 + 2), "opus", T0 + 3)).toBeDefined();
  const both = fail(one, "rate-limit", T0 + 4, { model: "haiku" });
  expect(restOf(both, "third", T0 + 5)).toBeDefined();
  expect(restOf(fail({}, "auth", T0, { model: "opus" }), "haiku", T0 + 1)).toMatchObject({ reason: "auth" });
});

test("a rest may be probed before its end, and a failed probe does not make it longer", () => {
  const stats = fail({}, "billing", T0);
  expect(restOf(stats, "m", T0 + 29 * MINUTE)).toMatchObject({ probe: false });
  const due = T0 + 30 * MINUTE;
  expect(restOf(stats, "m", due)).toMatchObject({ probe: true });
  const again = fail(stats, "billing", due);
  expect(again).toMatchObject({ disabledUntil: stats.disabledUntil, errorCount: 1, failureCounts: { billing: 1 } });
  expect(restOf(again, "m", due + 1)).toMatchObject({ probe: false });
  expect(restOf(again, "m", due + 30 * MINUTE)).toMatchObject({ probe: true });
});

test("a provider that names its wait is believed, within an hour", () => {
  expect(fail({}, "rate-limit", T0, { retryAfterMs: 10 * MINUTE }).cooldownUntil).toBe(T0 + 10 * MINUTE);
  expect(fail({}, "rate-limit", T0, { retryAfterMs: 9 * HOUR }).cooldownUntil).toBe(T0 + HOUR);
});

test("what one request did wrong is not held against the credential", () => {
  const kinds: FailureKind[] = ["format", "not-found", "context-overflow", "garbled", "server", "unknown"];
  expect(kinds.filter(causesRest)).toEqual([]);
});
