import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestHost } from "@openclaw/testkit";
import { expect, it } from "vitest";
import { startEmulator } from "../../test/connect.ts";
import { channel } from "../index.ts";

const read = (section: unknown, env = {}) => channel.accounts(section, env);

it("starts nothing without a section", () => {
  expect(read(undefined, { TELEGRAM_BOT_TOKEN: "1:abc" })).toEqual([]);
});

it("takes the token from the config, else the file, else the environment", () => {
  expect(read({ botToken: "1:abc", tokenFile: "/t" }, { TELEGRAM_BOT_TOKEN: "2:abc" })[0]).toMatchObject({
    tokenSource: "config",
    config: { botToken: "1:abc" },
  });
  expect(read({ tokenFile: "/t" }, { TELEGRAM_BOT_TOKEN: "2:abc" })[0]).toMatchObject({
    tokenSource: "tokenFile",
    configured: true,
  });
  expect(read({}, { TELEGRAM_BOT_TOKEN: "2:abc" })[0]).toMatchObject({
    tokenSource: "env",
    config: { botToken: "2:abc" },
  });
  expect(read({})[0]).toMatchObject({
    configured: false,
    problem: expect.stringContaining("channels.telegram.botToken"),
  });
});

it("merges the section under its accounts, tokens and webhooks excepted", () => {
  const accounts = read(
    {
      botToken: "1:abc",
      webhookUrl: "https://x.y/hook",
      linkPreview: false,
      accounts: {
        alerts: { name: "Alerts", botToken: "2:abc" },
        empty: {},
        off: { botToken: "3:abc", enabled: false },
      },
    },
    { TELEGRAM_BOT_TOKEN: "9:abc" },
  );
  expect(accounts.map((one) => [one.id, one.enabled, one.configured])).toEqual([
    ["default", true, true],
    ["alerts", true, true],
    ["empty", true, false],
    ["off", false, true],
  ]);
  expect(accounts[1]).toMatchObject({ name: "Alerts", config: { botToken: "2:abc", linkPreview: false } });
  expect(accounts[1]?.config.webhookUrl).toBeUndefined();
});

it("refuses to run one bot twice", () => {
  const accounts = read({ accounts: { a: { botToken: "1:abc" }, b: { botToken: "1:abc" } } });
  expect(accounts.map((one) => one.problem)).toEqual([undefined, 'uses the same bot token as account "a"']);
});

it.each([
  ["http://evil.example", /unencrypted/],
  ["ftp://127.0.0.1", /unencrypted/],
  ["http://127.0.0.1.evil.example", /unencrypted/],
  ["http://localhost@evil.example", /plain address/],
  ["nonsense", /not a URL/],
  ["https://bots.example/x", undefined],
  ["http://127.0.0.1:8081", undefined],
  ["http://[::1]:8081/", undefined],
])("apiRoot %s", (apiRoot, problem) => {
  const [account] = read({ botToken: "1:abc", apiRoot });
  if (problem === undefined) expect(account).toMatchObject({ configured: true });
  else expect(account?.problem).toMatch(problem);
});

it("does not connect to a forbidden apiRoot even when asked", async () => {
  const account = {
    id: "default",
    enabled: true,
    configured: true,
    config: { botToken: "1:abc", apiRoot: "http://192.0.2.1" },
  };
  await expect(channel.open(account, createTestHost(), AbortSignal.timeout(5000))).rejects.toThrow(/unencrypted/);
});

it("reads the token file when it connects and names it when it cannot", async () => {
  const emulator = await startEmulator();
  const tokenFile = join(await mkdtemp(join(tmpdir(), "telegram-")), "token");
  const [account] = read({ tokenFile, apiRoot: emulator.apiRoot });
  if (account === undefined) throw new Error("no account");
  const open = () => channel.open(account, createTestHost(), AbortSignal.timeout(5000));
  await expect(open()).rejects.toMatchObject({ kind: "auth", message: expect.stringContaining(tokenFile) });
  await writeFile(tokenFile, "not a token");
  await expect(open()).rejects.toMatchObject({ kind: "auth" });
  await writeFile(tokenFile, `${emulator.token}\n`);
  const connection = await open();
  expect(connection.health().identity).toBe("@emulated_bot");
  await connection.close();
});

it("says which account and source a refused token came from", async () => {
  const emulator = await startEmulator();
  const [account] = read({ apiRoot: emulator.apiRoot }, { TELEGRAM_BOT_TOKEN: "4242:wrong-token-entirely" });
  if (account === undefined) throw new Error("no account");
  const opening = channel.open(account, createTestHost(), AbortSignal.timeout(5000));
  await expect(opening).rejects.toMatchObject({
    kind: "auth",
    message: expect.stringMatching(/from env of account "default"/),
  });
  await expect(opening).rejects.not.toThrow(/wrong-token/);
});
