import { expect, test } from "vitest";
import type { AuthView } from "./auth-store.ts";
import { secretTag, type Credential } from "./credential.ts";
import { orderProfiles, type AuthPreferences } from "./profile-order.ts";

const NOW = 1_000_000;
const key = (secret = "k"): Credential => ({ type: "api_key", provider: "p", key: secret });
const token: Credential = { type: "token", provider: "p", token: "t" };
const login: Credential = { type: "oauth", provider: "p", access: "a", refresh: "r", expires: NOW - 1 };

const view = (profiles: Record<string, Credential>, more: Partial<AuthView> = {}): AuthView => ({
  profiles,
  order: {},
  lastGood: {},
  stats: {},
  ...more,
});
const order = (from: AuthView, preferences: Partial<AuthPreferences> = {}) =>
  orderProfiles("p", "m", from, { order: {}, profiles: {}, ...preferences }, NOW);

const all = { "p:k1": key(), "p:k2": key(), "p:t": token, "p:o": login, "q:x": { ...key(), provider: "q" } };

test("without an order sign-ins come first, then tokens, then keys by the longest unused", () => {
  expect(order(view(all, { stats: { "p:k1": { lastUsed: 5 }, "p:o": { lastUsed: 9 } } }))).toEqual([
    "p:o",
    "p:t",
    "p:k2",
    "p:k1",
  ]);
});

test("a stored order wins over auth.order, that over the configured profiles, those over all", () => {
  const configured = { profiles: { "p:k1": { provider: "p" }, "p:t": { provider: "P" } } };
  expect(order(view(all), configured)).toEqual(["p:t", "p:k1"]);
  expect(order(view(all), { ...configured, order: { p: ["p:k2", "p:o"] } })).toEqual(["p:k2", "p:o"]);
  const stored = view(all, { order: { p: ["p:k1", "p:gone"] } });
  expect(order(stored, { ...configured, order: { p: ["p:k2"] } })).toEqual(["p:k1"]);
});

test("an order that names nothing usable does not lock everybody out", () => {
  expect(order(view(all), { order: { p: ["p:gone"] } })).toHaveLength(4);
});

test("resting profiles come last, the one back soonest first", () => {
  const stats = {
    "p:o": { cooldownUntil: NOW + 50 },
    "p:t": { disabledUntil: NOW + 20 },
    "p:k1": { cooldownUntil: 7 },
  };
  expect(order(view(all, { stats }))).toEqual(["p:k1", "p:k2", "p:t", "p:o"]);
});

test("empty and expired credentials are left out; a sign-in that can be renewed is not", () => {
  const profiles: Record<string, Credential> = {
    "p:empty": key(" "),
    "p:old": { ...token, expires: NOW - 1 },
    "p:dead": { type: "oauth", provider: "p", access: "a", expires: NOW - 1 },
    "p:o": login,
  };
  expect(order(view(profiles))).toEqual(["p:o"]);
});

test("a key that was replaced by hand is not held responsible for the old one", () => {
  const stats = { "p:k": { cooldownUntil: NOW + 50, secretTag: secretTag(key("old")) } };
  const other = { "p:z": key("z") };
  expect(order(view({ ...other, "p:k": key("old") }, { stats }))).toEqual(["p:z", "p:k"]);
  expect(order(view({ "p:k": key("new"), ...other }, { stats }))).toEqual(["p:k", "p:z"]);
});
