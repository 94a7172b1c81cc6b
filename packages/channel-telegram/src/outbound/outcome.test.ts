import type { Connection } from "@openclaw/plugin-sdk";
import { createFakeClock } from "@openclaw/testkit";
import type { Fault, TelegramEmulator } from "@openclaw/testkit/telegram";
import { beforeEach, expect, it } from "vitest";
import { connect, never, startEmulator } from "../../test/connect.ts";

let emulator: TelegramEmulator;
let connection: Connection;
beforeEach(async () => {
  emulator = await startEmulator();
  emulator.inject.dm({ text: "hi" });
  ({ connection } = await connect(emulator));
});

const send = (signal = never) => connection.send("7001", { id: "1", text: "once" }, signal);
const arrived = () => emulator.messages(7001).filter((message) => message.text === "once").length;

it.each<[string, Fault, object, number]>([
  ["429", { retryAfter: 7 }, { kind: "rate-limited", retryAfterMs: 7000, outcome: "not-sent" }, 0],
  ["401", { status: 401 }, { kind: "auth", outcome: "not-sent" }, 0],
  ["403", { status: 403 }, { kind: "forbidden", outcome: "not-sent" }, 0],
  [
    "chat not found",
    { status: 400, description: "Bad Request: chat not found" },
    { kind: "not-found", outcome: "not-sent" },
    0,
  ],
  [
    "no rights",
    { status: 400, description: "Bad Request: not enough rights to send text messages to the chat" },
    { kind: "forbidden" },
    0,
  ],
  [
    "other 400",
    { status: 400, description: "Bad Request: BUTTON_DATA_INVALID" },
    { kind: "invalid", outcome: "not-sent" },
    0,
  ],
  ["500", { status: 500 }, { kind: "unavailable", outcome: "unknown" }, 0],
  ["reset before", { reset: "before" }, { kind: "unavailable", outcome: "unknown" }, 0],
  ["reset after", { reset: "after-accept" }, { kind: "unavailable", outcome: "unknown" }, 1],
  ["garbage", { badJson: true }, { kind: "unavailable", outcome: "unknown" }, 1],
])("%s", async (_, fault, expected, count) => {
  emulator.failNext({ method: "sendMessage", ...fault });
  await expect(send()).rejects.toMatchObject({ name: "ChannelError", ...expected });
  expect(arrived()).toBe(count);
  expect(emulator.calls("sendMessage")).toHaveLength(1);
});

it("knows that a refused connection sent nothing", async () => {
  await emulator.refuseConnections();
  await expect(send()).rejects.toMatchObject({ kind: "unavailable", outcome: "not-sent" });
  expect(connection.health().outbound.state).toBe("down");
  await emulator.acceptConnections();
  await send();
  expect(connection.health().outbound.state).toBe("up");
});

it("knows that nothing was sent when it was aborted beforehand, and not when aborted on the way", async () => {
  await expect(send(AbortSignal.abort())).rejects.toMatchObject({ outcome: "not-sent" });
  expect(emulator.calls("sendMessage")).toHaveLength(0);
  emulator.failNext({ method: "sendMessage", hang: "after-accept" });
  const aborting = new AbortController();
  const sending = send(aborting.signal);
  await emulator.waitFor("sendMessage");
  aborting.abort();
  await expect(sending).rejects.toMatchObject({ outcome: "unknown" });
});

it("gives up on an answer that never comes", async () => {
  const clock = createFakeClock();
  ({ connection } = await connect(emulator, {}, { clock }));
  emulator.failNext({ method: "sendMessage", hang: "before" });
  const sending = send();
  const settled = expect(sending).rejects.toMatchObject({ kind: "unavailable", outcome: "unknown" });
  await emulator.waitFor("sendMessage");
  await clock.advance(30_000);
  await settled;
});

it("never shows the token", async () => {
  const { connection: other, host } = await connect(emulator);
  const secret = emulator.token.split(":")[1] ?? "";
  const failures: unknown[] = [];
  for (const fault of [
    { status: 404, description: `no /bot${emulator.token}/x` },
    { reset: "before" as const },
    { badJson: true },
  ]) {
    emulator.failNext({ method: "sendMessage", ...fault });
    await other.send("7001", { id: "1", text: "x" }, never).catch((error: unknown) => failures.push(error));
  }
  await emulator.refuseConnections();
  await other.send("7001", { id: "1", text: "x" }, never).catch((error: unknown) => failures.push(error));
  await expect.poll(() => other.health().inbound.state).toBe("down");
  expect(failures).toHaveLength(4);
  const shown = failures.map((error) =>
    error instanceof Error ? `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}` : "",
  );
  expect([...shown, JSON.stringify(host.logs), JSON.stringify(other.health())].join()).not.toContain(secret);
});
