import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { ChannelError, type Clock, type Connection, type Inbound } from "@openclaw/plugin-sdk";
import type { AnyHarness, Written } from "./harness.ts";
import { createTestHost, type TestHost } from "./test-host.ts";

export const unhurried: AbortSignal = new AbortController().signal;

/** A harness with its channel connected to a test host, as most cases want it. */
export interface Session {
  harness: AnyHarness;
  host: TestHost;
  connection: Connection;
  /** Somebody writes, and the channel hands it over. */
  hear(message: Written): Promise<Inbound>;
  /** The target of a direct chat that exists. */
  directTarget(): Promise<string>;
}

export interface SessionOptions {
  clock?: Clock;
  signal?: AbortSignal;
}

export async function openSession(harness: AnyHarness, options: SessionOptions = {}): Promise<Session> {
  const host = createTestHost(options.clock === undefined ? {} : { clock: options.clock });
  const connection = await harness.definition.open(harness.account, host, options.signal ?? unhurried);
  const hear = async (message: Written) => {
    const { messageId } = await harness.platform.write(message);
    // Ids may count from one in every chat.
    return await host.waitForInbound(
      (inbound) => inbound.messageId === messageId && inbound.text.includes(message.text),
    );
  };
  return {
    harness,
    host,
    connection,
    hear,
    directTarget: async () => (await hear({ where: "direct", text: "hello" })).target,
  };
}

/** Waits for a condition in real time, for what crosses a socket. */
export async function eventually(condition: () => boolean, what: string, timeoutMs = 5000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    assert.ok(Date.now() < deadline, `${what}: not within ${timeoutMs} ms`);
    await sleep(10);
  }
}

/** The `ChannelError` a call fails with; fails itself when it succeeds or fails otherwise. */
export async function failureOf(call: Promise<unknown>): Promise<ChannelError> {
  const error: unknown = await call.then(
    () => new Error("nothing: the call succeeded"),
    (reason: unknown) => reason,
  );
  assert.ok(ChannelError.is(error), `failed with something else than ChannelError: ${String(error)}`);
  return error;
}
