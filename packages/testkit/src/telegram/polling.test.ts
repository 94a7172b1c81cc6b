import { Api, Bot, GrammyError } from "grammy";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DEFAULT_GROUP, startTelegramEmulator, type TelegramEmulator } from "./index.ts";

let emulator: TelegramEmulator;
let api: Api;
beforeEach(async () => {
  emulator = await startTelegramEmulator();
  api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
});
afterEach(() => emulator.close());

const ids = (updates: { update_id: number }[]) => updates.map((update) => update.update_id);

it("repeats an update until a later offset confirms it", async () => {
  const { update } = emulator.inject.dm({ text: "hello" });
  expect(ids(await api.getUpdates({ timeout: 0 }))).toEqual([update?.update_id]);
  expect(ids(await api.getUpdates({ timeout: 0 }))).toEqual([update?.update_id]);
  expect(await api.getUpdates({ timeout: 0, offset: (update?.update_id ?? 0) + 1 })).toEqual([]);
  expect(emulator.pending()).toEqual([]);
});

it("holds a poll open until something happens", async () => {
  const poll = api.getUpdates({ timeout: 20 });
  setImmediate(() => emulator.inject.dm({ text: "late" }));
  expect((await poll)[0]?.message?.text).toBe("late");
});

it("terminates the older of two pollers with 409", async () => {
  const older = api.getUpdates({ timeout: 20 }).catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve, 30));
  const newer = api.getUpdates({ timeout: 20 });
  expect(await older).toMatchObject({ error_code: 409, description: expect.stringContaining("other getUpdates") });
  emulator.inject.dm({ text: "for the newer" });
  expect(await newer).toHaveLength(1);
});

it("refuses polling while a webhook is set", async () => {
  await api.setWebhook("http://127.0.0.1:1/hook");
  await expect(api.getUpdates({ timeout: 0 })).rejects.toMatchObject({ error_code: 409 });
  await api.deleteWebhook();
  await expect(api.getUpdates({ timeout: 0 })).resolves.toEqual([]);
});

it("withholds group talk in privacy mode but not mentions, commands or replies", async () => {
  const sent = emulator.inject.group({ text: "between ourselves" });
  expect(sent.update).toBeUndefined();
  const own = await api.sendMessage(DEFAULT_GROUP, "I am here");
  expect(emulator.inject.group({ text: "hey @emulated_bot" }).update).toBeDefined();
  expect(emulator.inject.group({ text: "/status" }).update).toBeDefined();
  expect(emulator.inject.group({ text: "/status@other_bot" }).update).toBeUndefined();
  expect(emulator.inject.group({ text: "ok", replyTo: own.message_id }).update).toBeDefined();
  emulator.setPrivacyMode(false);
  expect(emulator.inject.group({ text: "between ourselves" }).update).toBeDefined();
});

it("sends reactions only to a bot that asked for them", async () => {
  const { message } = emulator.inject.dm({ text: "hi" });
  const about = { chatId: message.chat.id, messageId: message.message_id, emoji: "👍" };
  expect(emulator.inject.reaction(about)).toBeUndefined();
  await api.getUpdates({ timeout: 0, allowed_updates: ["message", "message_reaction"] });
  expect(emulator.inject.reaction(about)).toMatchObject({ message_reaction: { new_reaction: [{ emoji: "👍" }] } });
});

it("answers 401 to a wrong or revoked token", async () => {
  await expect(new Api("4242:wrong", { apiRoot: emulator.apiRoot }).getMe()).rejects.toMatchObject({ error_code: 401 });
  emulator.revokeToken();
  await expect(api.getMe()).rejects.toBeInstanceOf(GrammyError);
  emulator.restoreToken();
  await expect(api.getMe()).resolves.toMatchObject({ username: "emulated_bot" });
});

it("runs grammY's own bot loop, stop included", async () => {
  const bot = new Bot(emulator.token, { client: { apiRoot: emulator.apiRoot } });
  bot.on("message:text", (context) => context.reply(`echo ${context.message.text}`));
  const running = bot.start();
  emulator.inject.dm({ text: "one" });
  await emulator.waitFor("sendMessage", (call) => call.params["text"] === "echo one");
  await bot.stop();
  await running;
  expect(emulator.pending()).toEqual([]);
});

it("stays silent while delivery is stopped and catches up afterwards", async () => {
  emulator.stopDelivering();
  emulator.inject.dm({ text: "unheard" });
  const poll = api.getUpdates({ timeout: 0 });
  expect(await Promise.race([poll, new Promise((resolve) => setTimeout(resolve, 100, "silence"))])).toBe("silence");
  await api.sendMessage(7001, "sending still works");
  emulator.resume();
  expect(await poll).toHaveLength(1);
});
