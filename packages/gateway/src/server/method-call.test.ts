import { OpenClawError } from "@openclaw/core";
import { expect, test } from "vitest";
import { invalidRequest, RpcError } from "./rpc-error.ts";
import { startTestGateway } from "../../test/test-gateway/index.ts";
import type { MethodContext } from "./types.ts";

test("bad frames after hello are answered and the socket stays", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.connect();
  client.send("not json");
  client.send({ type: "other" });
  const invalid = await client.next((frame) => frame.id === "invalid");
  expect(invalid.error).toEqual({
    code: "INVALID_REQUEST",
    message:
      "invalid request frame: must have required property 'id'; must have required property 'method'; " +
      "at /type: must be equal to constant",
  });
  client.send({ type: "req", id: "", method: "health" });
  const empty = await client.next((frame) => frame.id === "");
  expect(empty.error?.message).toBe("invalid request frame: at /id: must NOT have fewer than 1 characters");
  expect((await client.call("health")).payload).toEqual({ ok: true });
});

test("authority is judged before the name and the params", async () => {
  await using gateway = await startTestGateway();
  const reader = await gateway.connect({ scopes: ["operator.read"] });
  expect((await reader.call("no.such")).error?.message).toBe("missing scope: operator.admin");
  expect((await reader.call("chat.send", { bad: 1 })).error?.message).toBe("missing scope: operator.write");
  const node = await gateway.connect({ role: "node", scopes: ["operator.admin"] });
  expect((await node.call("health")).error?.message).toBe("unauthorized role: node");
  const admin = await gateway.connect();
  expect((await admin.call("no.such")).error).toEqual({ code: "INVALID_REQUEST", message: "unknown method: no.such" });
  expect((await admin.call("skills.bins")).error?.message).toBe("unauthorized role: operator");
  expect((await admin.call("connect", {})).error?.message).toBe("connect is only valid as the first request");
  expect((await admin.call("device.token.revoke", { x: 1 })).error?.message).toMatch(
    /^invalid device\.token\.revoke params: /,
  );
});

test("a known method without a handler says so by name", async () => {
  await using gateway = await startTestGateway();
  const admin = await gateway.connect();
  expect((await admin.call("cron.list")).error).toEqual({
    code: "UNAVAILABLE",
    message: "method not available yet: cron.list",
  });
});

test("what a handler throws becomes an error of the wire", async () => {
  await using gateway = await startTestGateway();
  const thrown: Record<string, unknown> = {
    "x.refused": invalidRequest("no such thing", { id: 3 }),
    "x.plain": new TypeError("broken"),
    "x.coded": new OpenClawError({ code: "DISK_FULL", message: "The disk is full.", hint: "Free some space." }),
    "x.both": new RpcError({ code: "UNAVAILABLE", message: "Error: run failed", payload: { runId: "r" } }),
  };
  for (const [name, error] of Object.entries(thrown)) {
    gateway.methods.set(name, () => {
      throw error;
    });
  }
  const admin = await gateway.connect();
  expect((await admin.call("x.refused")).error).toEqual({
    code: "INVALID_REQUEST",
    message: "no such thing",
    details: { id: 3 },
  });
  expect((await admin.call("x.plain")).error).toEqual({ code: "UNAVAILABLE", message: "TypeError: broken" });
  expect((await admin.call("x.coded")).error).toEqual({
    code: "UNAVAILABLE",
    message: "The disk is full.",
    details: { code: "DISK_FULL", hint: "Free some space." },
  });
  expect(await admin.call("x.both")).toMatchObject({
    ok: false,
    payload: { runId: "r" },
    error: { message: "Error: run failed" },
  });
});

test("a two-stage method answers twice under one id", async () => {
  await using gateway = await startTestGateway();
  gateway.methods.set("x.twice", async (_params, context: MethodContext) => {
    context.respond({ status: "accepted" });
    await Promise.resolve();
    return { status: "ok" };
  });
  const client = await gateway.connect();
  await client.call("x.twice");
  await client.next((frame) => (frame.payload as { status?: string } | undefined)?.status === "ok");
  const answers = client.frames.filter((frame) => frame.id === "call-1");
  expect(answers.map(({ payload }) => payload)).toEqual([{ status: "accepted" }, { status: "ok" }]);
});

test("the handler's signal aborts when the client goes away", async () => {
  await using gateway = await startTestGateway();
  const aborted = new Promise<void>((resolve) => {
    gateway.methods.set("x.wait", (_params, { signal, respond }: MethodContext) => {
      respond("waiting");
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          resolve();
          reject(new Error("gone"));
        });
      });
    });
  });
  const client = await gateway.connect();
  await client.call("x.wait");
  client.socket.terminate();
  await aborted;
});
