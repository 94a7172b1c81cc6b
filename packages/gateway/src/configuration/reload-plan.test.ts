import type { OpenClawConfig } from "@openclaw/core/config";
import { expect, test } from "vitest";
import { planReload } from "./reload-plan.ts";

const plan = (before: unknown, after: unknown) => planReload(before as OpenClawConfig, after as OpenClawConfig);

test.each([
  "hooks",
  "browser",
  "cron",
  "web",
  "agents",
  "models",
  "messages",
  "session",
  "logging",
  "skills",
  "ui",
  "talk",
  "wizard",
  "bindings",
  "tools",
  "$schema",
])("a change of %s is taken over while the gateway runs", (section) => {
  expect(plan({}, { [section]: { changed: true } })).toEqual({ live: [section], restart: [], channels: [] });
});

test.each(["gateway", "bridge", "discovery", "canvasHost", "plugins", "somethingNew"])(
  "a change of %s restarts the gateway",
  (section) => {
    expect(plan({}, { [section]: { changed: true } }).restart).toEqual([section]);
  },
);

test("only the channels that changed are named", () => {
  const before = { channels: { telegram: { botToken: "a" }, discord: { token: "b" } } };
  const after = { channels: { telegram: { botToken: "c" }, discord: { token: "b" }, slack: {} } };
  expect(plan(before, after)).toEqual({ live: ["channels"], restart: [], channels: ["slack", "telegram"] });
});

test("how the gateway reloads, and whom the CLI talks to, needs no restart", () => {
  expect(
    plan({ gateway: { port: 1, reload: { mode: "hot" } } }, { gateway: { port: 1, remote: { url: "wss://x" } } })
      .restart,
  ).toEqual([]);
  expect(plan({ gateway: { port: 1 } }, { gateway: { port: 2, reload: { mode: "hot" } } }).restart).toEqual([
    "gateway",
  ]);
});

test("no change is no plan", () => {
  expect(plan({ agents: { list: [{ id: "a" }] } }, { agents: { list: [{ id: "a" }] } })).toEqual({
    live: [],
    restart: [],
    channels: [],
  });
});
