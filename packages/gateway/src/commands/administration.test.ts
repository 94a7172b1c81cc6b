import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { admin, room } from "../../test/command-room.ts";

describe("/config", () => {
  test("reads, writes and removes, comments kept, secrets masked", async () => {
    const opened = room(admin);
    writeFileSync(
      opened.paths.configPath,
      '{\n  // mine\n  channels: { telegram: { botToken: "42:secretsecretsecret" } },\n}\n',
    );
    expect((await opened.say("/config set messages.queue.cap=7")).replies[0]).toMatch(/^messages\.queue\.cap: 7\n/);
    expect(readFileSync(opened.paths.configPath, "utf8")).toMatch(/\/\/ mine[\s\S]*cap: 7/);
    expect((await opened.say("/config get messages.queue")).replies[0]).toContain('"cap": 7');
    expect((await opened.say("/config show channels.telegram.botToken")).replies[0]).not.toContain("secretsecret");
    expect((await opened.say("/config unset messages.queue.cap")).replies[0]).toMatch(/was removed/);
    expect(readFileSync(opened.paths.configPath, "utf8")).not.toContain("cap");
  });

  test("refuses what would not load, naming the key", async () => {
    const opened = room(admin);
    writeFileSync(opened.paths.configPath, "{}");
    expect((await opened.say("/config set messages.queue.mode=sometimes")).replies[0]).toMatch(
      /messages\.queue\.mode[\s\S]*Nothing was changed/,
    );
    expect((await opened.say("/config set __proto__.polluted=1")).replies[0]).toMatch(/Write the key/);
    expect((await opened.say("/config unset")).replies[0]).toMatch(/Write the key/);
    expect(readFileSync(opened.paths.configPath, "utf8")).toBe("{}");
  });

  test("obeys configWrites of the channel", async () => {
    const opened = room(admin, { configWrites: false });
    expect((await opened.say("/config set messages.queue.cap=7")).replies[0]).toMatch(/channels\.fake\.configWrites/);
    expect((await opened.say("/allowlist add dm 5")).replies[0]).toMatch(/channels\.fake\.configWrites/);
  });
});

test("/debug holds in memory until it is reset, and never touches who may command", async () => {
  const opened = room(admin);
  expect((await opened.say("/debug set messages.queue.cap=3")).replies[0]).toMatch(/messages\.queue\.cap: 3/);
  expect(opened.context.config().messages?.queue?.cap).toBe(3);
  expect((await opened.say("/debug set messages.queue.mode=never")).replies[0]).toMatch(/Nothing was changed/);
  expect((await opened.say("/debug set commands.bash=true")).replies[0]).toMatch(/in the file only/);
  expect((await opened.say("/debug")).replies[0]).toBe("messages.queue.cap: 3");
  await opened.say("/debug reset");
  expect(opened.context.config().messages?.queue?.cap).toBe(20);
});

test("/allowlist lets somebody in at once and out again", async () => {
  const opened = room(admin);
  expect((await opened.say("hello", { from: "200" })).reason).toBe("dm-not-listed");
  await opened.say("/allowlist add dm 200");
  expect((await opened.say("hello", { from: "200" })).turns).toHaveLength(1);
  expect((await opened.say("/allowlist remove dm 200")).replies[0]).toMatch(/no longer write/);
  expect((await opened.say("hello", { from: "200" })).reason).toBe("dm-not-listed");
  expect((await opened.say("/allowlist add dm *")).replies[0]).toMatch(/no sender id/);
});

test("/activation decides what a group message needs", async () => {
  const opened = room();
  expect((await opened.say("hello", { chat: "group" })).reason).toBe("mention-missing");
  await opened.say("/activation always", { chat: "group" });
  expect((await opened.say("hello", { chat: "group" })).turns).toHaveLength(1);
});

test("/send off silences a chat, and /send on can still be said", async () => {
  const opened = room();
  await opened.say("/send off");
  expect(await opened.say("hello")).toEqual({ replies: [], turns: [], reason: "send-policy" });
  await opened.say("/send on");
  expect((await opened.say("hello")).turns).toHaveLength(1);
});
