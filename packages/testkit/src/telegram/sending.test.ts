import { Api, InputFile } from "grammy";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DEFAULT_FORUM, DEFAULT_GROUP, startTelegramEmulator, type TelegramEmulator } from "./index.ts";

let emulator: TelegramEmulator;
let api: Api;
const ada = 7001;
beforeEach(async () => {
  emulator = await startTelegramEmulator();
  api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
  emulator.inject.dm({ text: "/start" });
});
afterEach(() => emulator.close());

const texts = (chatId: number) => emulator.messages(chatId).map((message) => message.text);

it("refuses chats nobody opened, and says why a chat is closed", async () => {
  await expect(api.sendMessage(999, "hello?")).rejects.toMatchObject({ description: "Bad Request: chat not found" });
  emulator.forbid(ada, "bot was blocked by the user");
  await expect(api.sendMessage(ada, "hello?")).rejects.toMatchObject({ error_code: 403 });
});

it("reads HTML and refuses what the platform cannot parse", async () => {
  const sent = await api.sendMessage(ada, 'a <b>bold</b> &amp; <a href="https://x.y">link</a>', { parse_mode: "HTML" });
  expect(sent.text).toBe("a bold & link");
  expect(sent.entities).toMatchObject([
    { type: "bold", offset: 2, length: 4 },
    { type: "text_link", url: "https://x.y" },
  ]);
  await expect(api.sendMessage(ada, "1 <2 3", { parse_mode: "HTML" })).rejects.toMatchObject({
    error_code: 400,
    description: expect.stringContaining("can't parse entities"),
  });
});

it("measures text after entities", async () => {
  await api.sendMessage(ada, `<b>${"x".repeat(4096)}</b>`, { parse_mode: "HTML" });
  await expect(api.sendMessage(ada, "x".repeat(4097))).rejects.toMatchObject({
    description: "Bad Request: message is too long",
  });
  await expect(api.sendMessage(ada, "  \n")).rejects.toMatchObject({ error_code: 400 });
});

it("threads, quotes and refuses what is not there", async () => {
  emulator.inject.topic({ threadId: 5, text: "/here" });
  await api.sendMessage(DEFAULT_FORUM, "in topic", { message_thread_id: 5 });
  await expect(api.sendMessage(DEFAULT_FORUM, "x", { message_thread_id: 6 })).rejects.toMatchObject({
    error_code: 400,
  });
  await expect(api.sendMessage(DEFAULT_FORUM, "x", { message_thread_id: 1 })).rejects.toMatchObject({
    error_code: 400,
  });
  const { message_thread_id: created } = await api.createForumTopic(DEFAULT_FORUM, "New");
  await api.sendMessage(DEFAULT_FORUM, "in new topic", { message_thread_id: created });
  await api.sendMessage(ada, "answer", { reply_parameters: { message_id: 1 } });
  expect(emulator.messages(ada).at(-1)?.replyTo).toBe(1);
  await expect(api.sendMessage(ada, "x", { reply_parameters: { message_id: 77 } })).rejects.toMatchObject({
    description: "Bad Request: message to be replied not found",
  });
});

it("takes files by upload and by id, and hands them out again", async () => {
  const bytes = new Uint8Array([0, 13, 10, 45, 45, 255]);
  const sent = await api.sendDocument(ada, new InputFile(bytes, "odd name; x.bin"), { caption: "see" });
  expect(emulator.calls("sendDocument")[0]?.files).not.toEqual({});
  const file = await api.getFile(sent.document.file_id);
  const answer = await fetch(`${emulator.apiRoot}/file/bot${emulator.token}/${file.file_path}`);
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
  await api.sendDocument(ada, sent.document.file_id);
  await api.sendMediaGroup(ada, [
    { type: "photo", media: new InputFile(bytes) },
    { type: "photo", media: new InputFile(bytes), caption: "album" },
  ]);
  expect(emulator.messages(ada).filter((message) => message.media?.kind === "photo")).toHaveLength(2);
  emulator.inject.dm({ file: { kind: "video", data: bytes, size: 21 * 1024 * 1024 } });
  const huge = (await api.getUpdates({ timeout: 0 })).at(-1)?.message?.video?.file_id ?? "";
  await expect(api.getFile(huge)).rejects.toMatchObject({ description: "Bad Request: file is too big" });
});

it("edits, deletes, reacts and counts it all", async () => {
  const { message_id: id } = await api.sendMessage(ada, "draft");
  await api.editMessageText(ada, id, "final");
  await expect(api.editMessageText(ada, id, "final")).rejects.toMatchObject({
    description: expect.stringContaining("message is not modified"),
  });
  await api.setMessageReaction(ada, 1, [{ type: "emoji", emoji: "👀" }]);
  expect(emulator.messages(ada)[0]?.botReactions).toEqual(["👀"]);
  await api.deleteMessage(ada, id);
  expect(texts(ada)).toEqual(["/start"]);
  expect(emulator.messages(ada, { deleted: true }).at(-1)).toMatchObject({ deleted: true, edits: 1, text: "final" });
});

it("shows drafts in private chats only, until the message comes", async () => {
  emulator.inject.group({ text: "/hi" });
  await api.sendMessageDraft(ada, 3, "thin");
  expect(emulator.draft(ada)).toEqual({ draftId: 3, text: "thin" });
  await api.sendMessage(ada, "thing");
  expect(emulator.draft(ada)).toBeUndefined();
  await expect(api.sendMessageDraft(DEFAULT_GROUP, 3, "no")).rejects.toMatchObject({ error_code: 400 });
});

it("keeps command menus apart by scope", async () => {
  await api.setMyCommands([{ command: "help", description: "Help" }]);
  await api.setMyCommands([], { scope: { type: "all_group_chats" } });
  expect(await api.getMyCommands()).toHaveLength(1);
  expect(await api.getMyCommands({ scope: { type: "all_group_chats" } })).toEqual([]);
  await api.deleteMyCommands();
  expect(await api.getMyCommands()).toEqual([]);
});

it("refuses a migrated group with its new id", async () => {
  emulator.inject.group({ chatId: -5, kind: "group", text: "/hi" });
  emulator.inject.migrate({ chatId: -5, newChatId: -1005 });
  await expect(api.sendMessage(-5, "late")).rejects.toMatchObject({ parameters: { migrate_to_chat_id: -1005 } });
  await api.sendMessage(-1005, "here");
});

it("fails the next calls as told, then works again", async () => {
  emulator.failNext({ method: "sendMessage", retryAfter: 3 });
  await expect(api.sendMessage(ada, "1")).rejects.toMatchObject({ error_code: 429, parameters: { retry_after: 3 } });
  emulator.failNext({ reset: "before" });
  await expect(api.sendMessage(ada, "2")).rejects.toMatchObject({ name: "HttpError" });
  emulator.failNext({ reset: "after-accept" });
  await expect(api.sendMessage(ada, "3")).rejects.toMatchObject({ name: "HttpError" });
  emulator.failNext({ badJson: true });
  await expect(api.sendMessage(ada, "4")).rejects.toMatchObject({ name: "HttpError" });
  await api.sendMessage(ada, "5");
  expect(texts(ada)).toEqual(["/start", "3", "4", "5"]);
  await emulator.refuseConnections();
  await expect(api.sendMessage(ada, "6")).rejects.toMatchObject({ error: { code: "ECONNREFUSED" } });
  await emulator.acceptConnections();
  await api.sendMessage(ada, "7");
});
