import { expect, test } from "vitest";
import { readChannelStatus } from "./channel-status.ts";

const status = (account: Record<string, unknown>) =>
  readChannelStatus({
    channelOrder: ["telegram"],
    channelLabels: { telegram: "Telegram" },
    channelAccounts: { telegram: [{ accountId: "default", enabled: true, configured: true, ...account }] },
  })[0];

test("a channel that sends but is deaf is not called working", () => {
  const account = status({
    running: true,
    connected: true,
    health: {
      inbound: { state: "down", lastError: "no update for 2 min", lastOkAt: 5 },
      outbound: { state: "up" },
      identity: "@claw_bot",
    },
  });
  expect(account).toMatchObject({ tone: "bad", summary: "Cannot receive messages", name: "Telegram @claw_bot" });
  expect(account?.inbound).toEqual({ tone: "bad", text: "no update for 2 min", lastOkAt: 5 });
});

test("both directions up is working, and a channel not set up says how", () => {
  expect(status({ inbound: { state: "up" }, outbound: { state: "idle" } })).toMatchObject({
    tone: "good",
    summary: "Working",
  });
  expect(status({ configured: false })?.problem).toContain("openclaw channels add telegram");
  expect(status({ enabled: false })?.summary).toBe("Switched off");
});

test("accounts that tell only whether they run are understood", () => {
  expect(status({ running: true, lastInboundAt: 7 })).toMatchObject({ tone: "good", inbound: { lastOkAt: 7 } });
  expect(status({ running: false, lastError: "token revoked" })).toMatchObject({
    tone: "bad",
    problem: "token revoked",
  });
});

test("an answer of an unexpected shape is an empty list", () => {
  expect(readChannelStatus(undefined)).toEqual([]);
  expect(readChannelStatus({ channelAccounts: { telegram: "x" } })).toEqual([]);
});
