import type { Inbound } from "@openclaw/plugin-sdk";
import { DEFAULT_FORUM, DEFAULT_GROUP, type TelegramEmulator } from "@openclaw/testkit/telegram";
import type { Update } from "grammy/types";
import { beforeEach, describe, expect, it } from "vitest";
import { connect, never, startEmulator } from "../../test/connect.ts";
import type { ReadContext } from "./context.ts";
import { readUpdate } from "./update.ts";

let emulator: TelegramEmulator;
beforeEach(async () => {
  emulator = await startEmulator({ privacyMode: false });
});

/** What the channel makes of everything injected before the call. */
async function receiveAll(count: number, config = {}): Promise<Inbound[]> {
  const { host } = await connect(emulator, config);
  await expect.poll(() => host.received.length).toBe(count);
  return host.received;
}

it("tells direct chats, groups, topics, topics of private chats and channels apart", async () => {
  emulator.inject.dm({ text: "dm" });
  emulator.inject.dm({ text: "dm topic", threadId: 9 });
  emulator.inject.group({ text: "group" });
  emulator.inject.group({ text: "reply thread of a plain group", extra: { message_thread_id: 3 } });
  emulator.inject.topic({ text: "topic", threadId: 5 });
  emulator.inject.topic({ text: "general", threadId: 1 });
  emulator.inject.channelPost({ text: "post" });
  const all = await receiveAll(7);
  expect(all.map((one) => [one.text, one.target, one.chat.kind, one.chat.threadId])).toEqual([
    ["dm", "7001", "direct", undefined],
    ["dm topic", "7001:topic:9", "direct", "9"],
    ["group", `${DEFAULT_GROUP}`, "group", undefined],
    ["reply thread of a plain group", `${DEFAULT_GROUP}`, "group", undefined],
    ["topic", `${DEFAULT_FORUM}:topic:5`, "group", "5"],
    ["general", `${DEFAULT_FORUM}:topic:1`, "group", "1"],
    ["post", "-1001000000003", "channel", undefined],
  ]);
  expect(all[6]?.sender).toMatchObject({ id: "-1001000000003", name: "News" });
});

it("marks mentions by name, by account and by command suffix, and no other bot's", async () => {
  emulator.inject.group({ text: "hey @Emulated_Bot look" });
  emulator.inject.group({
    text: "Bot!",
    entities: [{ type: "text_mention", offset: 0, length: 3, user: emulator.bot }],
  });
  emulator.inject.group({ text: "/status@emulated_bot now" });
  emulator.inject.group({ text: "/status@other_bot" });
  emulator.inject.group({ text: "mail me@emulated_bot.org" });
  emulator.inject.group({ text: "see @emulated_bot", file: { kind: "photo", data: new Uint8Array([1]) } });
  const all = await receiveAll(6);
  expect(all.map((one) => one.mentioned)).toEqual([true, true, true, false, false, true]);
  expect(all.map((one) => one.command)).toEqual([undefined, undefined, "/status now", undefined, undefined, undefined]);
});

it("reads quotes, replies to itself and forwards", async () => {
  const { connection, host } = await connect(emulator);
  emulator.inject.dm({ text: "the question" });
  await host.waitForInbound(() => true);
  const own = await connection.send("7001", { id: "1", text: "my answer" }, never);
  emulator.inject.dm({ text: "why?", replyTo: Number(own.messageId) });
  emulator.inject.dm({ text: "this bit", replyTo: 1, quote: "question" });
  emulator.inject.dm({ text: "look", forwardedFrom: { id: 5, first_name: "Bob", last_name: "B" } });
  await expect.poll(() => host.received.length).toBe(4);
  expect(host.received.slice(1)).toMatchObject([
    { quote: { messageId: own.messageId, text: "my answer", fromSelf: true, senderName: "Emulated Bot" } },
    { quote: { messageId: "1", text: "question", senderName: "Ada" } },
    { forwardedFrom: "Bob B" },
  ]);
});

it("does not take the opening of a topic for a quote, but learns its title", async () => {
  const opening = {
    message_id: 5,
    date: 1,
    chat: { id: DEFAULT_FORUM, type: "supergroup", title: "Forum", is_forum: true },
    from: { id: 7001, is_bot: false, first_name: "Ada" },
    forum_topic_created: { name: "Plans", icon_color: 1 },
  };
  emulator.inject.topic({ text: "in topic", threadId: 5, extra: { reply_to_message: opening } });
  const [one] = await receiveAll(1);
  expect(one).toMatchObject({ chat: { threadId: "5", threadTitle: "Plans" } });
  expect(one?.quote).toBeUndefined();
});

it("describes every kind of file once, with caption, name, type and size", async () => {
  const data = new Uint8Array([1, 2, 3]);
  const file = (kind: "photo" | "voice" | "audio" | "video" | "sticker" | "document", mimeType?: string) =>
    emulator.inject.dm({
      text: kind,
      file: { kind, data, fileName: `a.${kind}`, ...(mimeType === undefined ? {} : { mimeType }) },
    });
  file("photo");
  file("voice");
  file("audio", "audio/mpeg");
  file("video");
  file("sticker");
  file("document", "application/pdf");
  file("document", "image/png");
  const all = await receiveAll(7);
  expect(all.map((one) => [one.text, one.media?.length, one.media?.[0]?.kind, one.media?.[0]?.mimeType])).toEqual([
    ["photo", 1, "image", "image/jpeg"],
    ["voice", 1, "voice", "audio/ogg"],
    ["audio", 1, "audio", "audio/mpeg"],
    ["video", 1, "video", "video/mp4"],
    ["sticker", 1, "sticker", "image/webp"],
    ["document", 1, "document", "application/pdf"],
    ["document", 1, "image", "image/png"],
  ]);
  expect(all[5]?.media?.[0]).toMatchObject({ fileName: "a.document", size: 3 });
});

it("fetches a file's bytes, within the limit only", async () => {
  const data = new Uint8Array([0, 255, 13, 10]);
  emulator.inject.dm({ file: { kind: "document", data, fileName: "x.bin", mimeType: "application/x-y" } });
  emulator.inject.dm({ file: { kind: "video", data, size: 21 * 1024 * 1024 } });
  const { connection, host } = await connect(emulator);
  await expect.poll(() => host.received.length).toBe(2);
  const [file, huge] = host.received.map((one) => one.media?.[0]);
  if (file === undefined || huge === undefined) throw new Error("no media");
  const fetched = await connection.fetchMedia?.(file, 1000, never);
  expect(fetched).toEqual({ data, mimeType: "application/x-y" });
  await expect(connection.fetchMedia?.(file, 3, never)).rejects.toMatchObject({ kind: "invalid" });
  const lying = { ...file };
  delete lying.size;
  await expect(connection.fetchMedia?.(lying, 3, never)).rejects.toThrow(/larger than 3 bytes/);
  await expect(connection.fetchMedia?.(huge, 1e9, never)).rejects.toThrow(/too big/);
  await expect(connection.fetchMedia?.({ ...file, ref: "gone" }, 10, never)).rejects.toMatchObject({
    name: "ChannelError",
  });
});

it("joins albums by id and hints at cut texts", async () => {
  const photo = { kind: "photo" as const, data: new Uint8Array([1]) };
  emulator.inject.dm({ file: photo, albumId: "77" });
  emulator.inject.dm({ file: photo, albumId: "77", text: "both" });
  emulator.inject.dm({ text: "x".repeat(4096) });
  emulator.inject.dm({ text: "the rest" });
  const all = await receiveAll(4);
  expect(all.map((one) => one.albumId)).toEqual(["7001:77", "7001:77", undefined, undefined]);
  expect(all.map((one) => one.part)).toEqual([
    undefined,
    undefined,
    { sequence: 3, full: true },
    { sequence: 4, full: false },
  ]);
});

it("reports edits under the same message id", async () => {
  const { message } = emulator.inject.dm({ text: "teh" });
  emulator.inject.edit({ chatId: 7001, messageId: message.message_id, text: "the" });
  const all = await receiveAll(2);
  expect(all[1]).toMatchObject({
    kind: "edit",
    text: "the",
    messageId: String(message.message_id),
    key: "update:1001",
  });
});

it.each([
  ["off", []],
  ["own", [["👍", true, true]]],
  [
    "all",
    [
      ["👍", true, true],
      ["🔥", true, false],
      ["🔥", false, false],
    ],
  ],
] as const)("reactions with reactionNotifications %s", async (reactionNotifications, expected) => {
  const { message } = emulator.inject.dm({ text: "theirs" });
  const { connection, host } = await connect(emulator, { reactionNotifications });
  await host.waitForInbound(() => true);
  await expect.poll(() => connection.health().inbound.state).toBe("up");
  const own = await connection.send("7001", { id: "1", text: "ours" }, never);
  emulator.inject.reaction({ chatId: 7001, messageId: Number(own.messageId), emoji: "👍" });
  emulator.inject.reaction({ chatId: 7001, messageId: message.message_id, emoji: "🔥" });
  emulator.inject.reaction({ chatId: 7001, messageId: message.message_id, emoji: "🔥", remove: true });
  emulator.inject.dm({ text: "end" });
  await host.waitForInbound((one) => one.text === "end");
  const reactions = host.received.flatMap((one) => (one.reaction === undefined ? [] : [one.reaction]));
  expect(reactions.map((one) => [one.emoji, one.added, one.onSelf])).toEqual(expected);
});

it("reads a pressed button as its data and ends the spinner", async () => {
  const { connection, host } = await connect(emulator);
  emulator.inject.dm({ text: "hi" });
  await host.waitForInbound(() => true);
  const own = await connection.send("7001", { id: "1", text: "choose" }, never);
  emulator.inject.callback({ chatId: 7001, messageId: Number(own.messageId), data: "/model 2" });
  expect(await host.waitForInbound((one) => one.text === "/model 2")).toMatchObject({
    command: "/model 2",
    sender: { id: "7001" },
  });
  await emulator.waitFor("answerCallbackQuery");
});

it("follows a group that became a supergroup", async () => {
  emulator.inject.group({ chatId: -5, kind: "group", text: "hi" });
  const { connection, host } = await connect(emulator);
  await host.waitForInbound(() => true);
  emulator.inject.migrate({ chatId: -5, newChatId: -1005 });
  await expect.poll(() => host.moves).toEqual([{ from: "-5", to: "-1005" }]);
  await connection.send("-5", { id: "1", text: "still yours" }, never);
  expect(emulator.messages(-1005).map((one) => one.text)).toEqual(["still yours"]);
});

it("follows it even when the notice has not come, and says so", async () => {
  emulator.inject.group({ chatId: -5, kind: "group", text: "hi" });
  const { connection, host } = await connect(emulator);
  await host.waitForInbound(() => true);
  emulator.stopDelivering();
  emulator.inject.migrate({ chatId: -5, newChatId: -1005 });
  await connection.send("-5", { id: "1", text: "found you" }, never);
  expect(emulator.messages(-1005).map((one) => one.text)).toEqual(["found you"]);
  expect(host.moves).toEqual([{ from: "-5", to: "-1005" }]);
});

it("makes hidden links and things that are no text readable", async () => {
  emulator.inject.dm({
    text: "read this",
    entities: [{ type: "text_link", offset: 5, length: 4, url: "https://x.y/z" }],
  });
  emulator.inject.dm({ extra: { location: { latitude: 1.5, longitude: 2.5 } } });
  emulator.inject.dm({ extra: { contact: { first_name: "Bob", phone_number: "+49123" } } });
  const all = await receiveAll(3);
  expect(all.map((one) => one.text)).toEqual([
    "read this (https://x.y/z)",
    "[Location: 1.5, 2.5]",
    "[Contact: Bob +49123]",
  ]);
});

it("skips service messages, unknown kinds and what it cannot read, without stopping", async () => {
  emulator.inject.group({ extra: { new_chat_members: [emulator.bot] } });
  emulator.inject.raw({ message: { message_id: 1, date: 1 } });
  emulator.inject.raw({
    message: { message_id: 2, date: 1, chat: { id: 1, type: "private" }, from: emulator.bot, text: "me" },
  });
  emulator.inject.dm({ text: "after" });
  const all = await receiveAll(1);
  expect(all[0]?.text).toBe("after");
});

describe("senders who are no people", () => {
  const context: ReadContext = {
    me: { id: 4242, is_bot: true, first_name: "Bot" },
    now: () => 0,
    reactions: "own",
    sentByUs: () => undefined,
  };
  const chat = { id: -100, type: "supergroup", title: "G" } as const;
  it.each([
    ["an anonymous admin is the group", 1_087_968_824, { ...chat }, "-100"],
    ["a channel is itself", 136_817_688, { id: -200, type: "channel", title: "C" } as const, "-200"],
  ])("%s", (_, from, asChat, id) => {
    const update: Update = {
      update_id: 1,
      message: {
        message_id: 1,
        date: 1,
        chat,
        from: { id: from, is_bot: true, first_name: "Stand-in" },
        sender_chat: asChat,
        text: "x",
      },
    };
    expect(readUpdate(update, context)[0]?.sender.id).toBe(id);
  });
});
