import type { Connection } from "@openclaw/plugin-sdk";
import { createTestHost, type TestHost, type TestHostOptions } from "@openclaw/testkit";
import { startTelegramEmulator, type TelegramEmulator, type TelegramEmulatorOptions } from "@openclaw/testkit/telegram";
import { afterEach } from "vitest";
import { channel, type TelegramConfig } from "../src/index.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

export async function startEmulator(options?: TelegramEmulatorOptions): Promise<TelegramEmulator> {
  const emulator = await startTelegramEmulator(options);
  cleanups.push(() => emulator.close());
  return emulator;
}

/** The real channel connected to an emulator; both are closed when the test ends. */
export async function connect(
  emulator: TelegramEmulator,
  config: TelegramConfig = {},
  hostOptions: TestHostOptions = {},
): Promise<{ connection: Connection; host: TestHost }> {
  const host = createTestHost(hostOptions);
  const section = { botToken: emulator.token, apiRoot: emulator.apiRoot, ...config };
  const [account] = channel.accounts(section, {});
  if (account === undefined) throw new Error("the section names no account");
  const connection = await channel.open(account, host, new AbortController().signal);
  cleanups.push(() => connection.close());
  return { connection, host };
}

export const never = new AbortController().signal;
