import { silentLog } from "@openclaw/core";
import { ChannelError, type Connection, type Outbound, type SentRef } from "@openclaw/plugin-sdk/channel";
import { createFakeClock } from "@openclaw/testkit";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type NewOutboxRow } from "../store/outbox.ts";
import { type Store, openStore } from "../store/store.ts";
import { type Deliverer, createDeliverer } from "./deliverer.ts";

type Answer = (message: Outbound) => Promise<SentRef>;

let dir: string;
let store: Store;
let clock: ReturnType<typeof createFakeClock>;

beforeEach(() => {
  clock = createFakeClock();
  dir = mkdtempSync(join(tmpdir(), "deliverer-"));
  store = openStore(join(dir, "openclaw.sqlite"));
});
afterEach(() => {
  store.database.close();
  rmSync(dir, { recursive: true });
});

/** A deliverer whose platform answers as the test says. */
function setup(
  answer: Answer,
  options: { idempotentSend?: boolean; onUnknown?: "report" | "resend"; connected?: boolean } = {},
) {
  const sent: string[] = [];
  const settled: string[] = [];
  let connected = options.connected ?? true;
  const connection = {
    send: (_target: string, message: Outbound) => {
      sent.push(message.text ?? "");
      return answer(message);
    },
  } as Partial<Connection> as Connection;
  const deliverer: Deliverer = createDeliverer({
    outbox: store.outbox,
    clock,
    log: silentLog,
    random: () => 0,
    onUnknown: () => options.onUnknown ?? "report",
    sender: () =>
      connected
        ? {
            connection,
            idempotentSend: options.idempotentSend ?? false,
            retry: { attempts: 3, minDelayMs: 400, maxDelayMs: 30_000, jitter: 0.1 },
          }
        : undefined,
    settled: (row, state) => settled.push(`${row.id} ${state}`),
  });
  const connect = () => {
    connected = true;
    deliverer.wake("telegram", "default");
  };
  return { deliverer, sent, settled, connect };
}

const row = (text: string, target = "1", seq = 0): NewOutboxRow => ({
  turnId: `turn-${text}`,
  seq,
  channel: "telegram",
  account: "default",
  target,
  purpose: "reply",
  message: { text },
});
const ok: Answer = async ({ id }) => ({ messageId: `m-${id}` });
const fail = (kind: ChannelError["kind"], outcome: ChannelError["outcome"], retryAfterMs?: number) =>
  new ChannelError({ kind, outcome, message: `it said ${kind}`, retryAfterMs });
const quiet = () => new Promise((resolve) => setImmediate(resolve));

test("messages of one chat go out in order, and the ledger knows each answer", async () => {
  const { deliverer, sent } = setup(ok);
  deliverer.enqueue([row("one"), row("two"), row("three")]);
  expect(await deliverer.settled("turn-three:0")).toEqual({ state: "sent", messageId: "m-turn-three:0" });
  expect(sent).toEqual(["one", "two", "three"]);
  expect(store.outbox.open()).toEqual([]);
});

test("a chat that waits does not hold up another", async () => {
  const { deliverer, sent } = setup(async (message) => {
    if (message.text === "slow") throw fail("rate-limited", "not-sent", 60_000);
    return ok(message);
  });
  deliverer.enqueue([row("slow", "1"), row("behind", "1"), row("quick", "2")]);
  await deliverer.settled("turn-quick:0");
  expect(sent).toEqual(["slow", "quick"]);
});

test("a rate limit is waited out for exactly as long as the platform asked, then sent once", async () => {
  let limited = true;
  const { deliverer, sent } = setup(async (message) => {
    if (limited) throw fail("rate-limited", "not-sent", 5_000);
    return ok(message);
  });
  deliverer.enqueue([row("hello")]);
  await quiet();
  limited = false;
  await clock.advance(4_999);
  expect(sent).toEqual(["hello"]);
  await clock.advance(1);
  expect(await deliverer.settled("turn-hello:0")).toMatchObject({ state: "sent" });
  expect(sent).toEqual(["hello", "hello"]);
});

test("a message whose answer was lost is not sent again, and the record says unknown", async () => {
  const { deliverer, sent, settled } = setup(() => Promise.reject(fail("unavailable", "unknown")));
  deliverer.enqueue([row("hello")]);
  expect(await deliverer.settled("turn-hello:0")).toMatchObject({ state: "unknown" });
  await clock.advance(3_600_000);
  expect(sent).toEqual(["hello"]);
  expect(settled).toEqual(["turn-hello:0 unknown"]);
});

test("a platform that deduplicates gets the same id again", async () => {
  let lost = true;
  const ids: string[] = [];
  const { deliverer } = setup(
    async (message) => {
      ids.push(message.id);
      if (lost) throw fail("unavailable", "unknown");
      return ok(message);
    },
    { idempotentSend: true },
  );
  deliverer.enqueue([row("hello")]);
  await quiet();
  lost = false;
  await clock.advance(400);
  expect(await deliverer.settled("turn-hello:0")).toMatchObject({ state: "sent" });
  expect(ids).toEqual(["turn-hello:0", "turn-hello:0"]);
});

test("a chat that refuses us is not tried again", async () => {
  const { deliverer, sent, settled } = setup(() => Promise.reject(fail("forbidden", "not-sent")));
  deliverer.enqueue([row("hello")]);
  expect(await deliverer.settled("turn-hello:0")).toMatchObject({ state: "failed", error: "it said forbidden" });
  await clock.advance(3_600_000);
  expect(sent).toEqual(["hello"]);
  expect(settled).toEqual(["turn-hello:0 failed"]);
});

test("without a connection rows wait, and go out when it is there", async () => {
  const { deliverer, sent, connect } = setup(ok, { connected: false });
  deliverer.enqueue([row("hello")]);
  await quiet();
  expect(sent).toEqual([]);
  connect();
  expect(await deliverer.settled("turn-hello:0")).toMatchObject({ state: "sent" });
});

test("after a crash queued rows are sent, and one caught in the middle is in doubt", async () => {
  store.outbox.add([row("caught"), row("waiting", "2")], clock.now());
  store.outbox.sending("turn-caught:0", clock.now());
  const { deliverer, sent, settled } = setup(ok);
  deliverer.recover();
  await deliverer.settled("turn-waiting:0");
  expect(sent).toEqual(["waiting"]);
  expect(settled).toContain("turn-caught:0 unknown");
});

test("a configuration that prefers doubles to losses sends the one in doubt again", async () => {
  store.outbox.add([row("caught")], clock.now());
  store.outbox.sending("turn-caught:0", clock.now());
  const { deliverer, sent } = setup(ok, { onUnknown: "resend" });
  deliverer.recover();
  expect(await deliverer.settled("turn-caught:0")).toMatchObject({ state: "sent" });
  expect(sent).toEqual(["caught"]);
});

test("a platform that is away for a day fails the row, and not before", async () => {
  const { deliverer, settled } = setup(() => Promise.reject(fail("unavailable", "not-sent")));
  deliverer.enqueue([row("hello")]);
  await clock.advance(23 * 3_600_000);
  expect(settled).toEqual([]);
  await clock.advance(2 * 3_600_000);
  expect(settled).toEqual(["turn-hello:0 failed"]);
});

test("an answer that the full disk could not record is recorded later, not sent again", async () => {
  const { deliverer, sent } = setup(ok);
  const { sent: recordSent } = store.outbox;
  store.outbox.sent = () => {
    throw new Error("disk full");
  };
  deliverer.enqueue([row("hello")]);
  await quiet();
  store.outbox.sent = recordSent;
  await clock.advance(1_000);
  expect(await deliverer.settled("turn-hello:0")).toMatchObject({ state: "sent" });
  expect(sent).toEqual(["hello"]);
});
