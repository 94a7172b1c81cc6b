import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection, OutboundMedia } from "@openclaw/plugin-sdk";
import { DEFAULT_FORUM, DEFAULT_GROUP, type TelegramEmulator } from "@openclaw/testkit/telegram";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connect, never, startEmulator } from "../../test/connect.ts";

let emulator: TelegramEmulator;
let connection: Connection;
let folder: string;
const ada = "7001";
beforeEach(async () => {
  emulator = await startEmulator();
  emulator.inject.dm({ text: "hi" });
  ({ connection } = await connect(emulator));
  folder = await mkdtemp(join(tmpdir(), "telegram-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const send = (text: string, target = ada, more = {}) => connection.send(target, { id: "1", text, ...more }, never);
const last = (chat: string | number = ada) => emulator.messages(Number(chat)).at(-1);
async function file(kind: OutboundMedia["kind"], mimeType: string, fileName: string, size = 3): Promise<OutboundMedia> {
  const path = join(folder, "file");
  await writeFile(path, Buffer.alloc(size, 7));
  return { kind, mimeType, fileName, path };
}

it("answers a message, silently, in its topic", async () => {
  emulator.inject.topic({ text: "/hi", threadId: 5 });
  await send("here", `${DEFAULT_FORUM}:topic:5`, { replyTo: "1", silent: true });
  expect(last(DEFAULT_FORUM)).toMatchObject({ text: "here", threadId: 5, replyTo: 1, silent: true });
});

it("writes to the General topic without naming it, but types there", async () => {
  emulator.inject.topic({ text: "/hi", threadId: 1 });
  await send("general", `${DEFAULT_FORUM}:topic:1`);
  expect(last(DEFAULT_FORUM)?.text).toBe("general");
  await connection.typing?.(`${DEFAULT_FORUM}:topic:1`, never);
  expect(emulator.calls("sendChatAction")[0]?.params["message_thread_id"]).toBe(1);
});

it("answers even when the message it answers is gone", async () => {
  await send("late", ada, { replyTo: "999" });
  expect(last()?.text).toBe("late");
  expect(last()?.replyTo).toBeUndefined();
});

it("sends text that the platform cannot parse as it stands", async () => {
  emulator.failNext({ status: 400, description: "Bad Request: can't parse entities: Unsupported start tag" });
  await send("a **bold** claim");
  expect(last()?.text).toBe("a **bold** claim");
});

it("survives hostile text", async () => {
  const text = "<b>&lt;/b> **unclosed `code [x](javascript:1) ![](<>) \u202e </pre> <script>&#0;";
  await send(text);
  expect(emulator.messages(7001)).toHaveLength(2);
});

it("refuses text the platform can never take, before sending it", async () => {
  await expect(send("x".repeat(4097))).rejects.toMatchObject({ kind: "invalid", outcome: "not-sent" });
  await expect(send("  ")).rejects.toMatchObject({ kind: "invalid" });
  await expect(send("x", "not a target")).rejects.toMatchObject({ kind: "invalid", outcome: "not-sent" });
  expect(emulator.calls("sendMessage")).toEqual([]);
});

it.each([
  ["image", "image/png", "p.png", "photo"],
  ["image", "image/gif", "g.gif", "animation"],
  ["image", "image/svg+xml", "v.svg", "document"],
  ["voice", "audio/ogg", "v.ogg", "voice"],
  ["audio", "audio/mpeg", "a.mp3", "audio"],
  ["audio", "audio/wav", "a.wav", "document"],
  ["video", "video/mp4", "v.mp4", "video"],
  ["document", "text/plain", 'we"ird; näme\r\n.txt', "document"],
] as const)("sends %s %s", async (kind, mimeType, fileName, shownAs) => {
  const media = await file(kind, mimeType, fileName);
  await connection.send(ada, { id: "1", media, text: "see" }, never);
  expect(last()).toMatchObject({ text: "see", media: { kind: shownAs, size: 3 } });
});

it("sends a picture the platform will not show as a document", async () => {
  emulator.failNext({ method: "sendPhoto", status: 400, description: "Bad Request: PHOTO_INVALID_DIMENSIONS" });
  await connection.send(ada, { id: "1", media: await file("image", "image/png", "wide.png") }, never);
  expect(last()?.media).toMatchObject({ kind: "document", fileName: "wide.png" });
});

it("names the file it cannot send", async () => {
  const media = { kind: "document", mimeType: "x/y", fileName: "gone.txt", path: join(folder, "gone") } as const;
  await expect(connection.send(ada, { id: "1", media }, never)).rejects.toThrow(/gone\.txt is gone/);
  const empty = await file("document", "x/y", "empty.txt", 0);
  await expect(connection.send(ada, { id: "1", media: empty }, never)).rejects.toMatchObject({ kind: "invalid" });
});

it("edits, takes an unchanged edit for done, deletes and takes a gone message for deleted", async () => {
  const { messageId } = await send("one");
  await connection.edit?.(ada, messageId, "two", never);
  await connection.edit?.(ada, messageId, "two", never);
  expect(last()).toMatchObject({ text: "two", edits: 1 });
  await connection.remove?.(ada, messageId, never);
  await connection.remove?.(ada, messageId, never);
  expect(last()?.text).toBe("hi");
});

it("reacts, with the emoji as keyboards write them, and takes it back", async () => {
  await connection.react?.(ada, "1", "❤️", never);
  expect(last()?.botReactions).toEqual(["❤"]);
  await connection.react?.(ada, "1", "", never);
  expect(last()?.botReactions).toEqual([]);
  await expect(connection.react?.(ada, "1", "🧿", never)).rejects.toMatchObject({ kind: "invalid" });
});

it("drafts in topics of private chats and nowhere else", async () => {
  emulator.inject.dm({ text: "hi", threadId: 9 });
  await connection.draft?.("7001:topic:9", 3, "thinking", never);
  expect(emulator.draft(7001)).toEqual({ draftId: 3, text: "thinking", threadId: 9 });
  await expect(connection.draft?.(ada, 3, "x", never)).rejects.toMatchObject({ kind: "invalid" });
  await expect(connection.draft?.(`${DEFAULT_GROUP}`, 3, "x", never)).rejects.toMatchObject({ kind: "invalid" });
});

it("switches link previews off when told to", async () => {
  const quiet = await connect(emulator, { linkPreview: false });
  await quiet.connection.send(ada, { id: "1", text: "https://x.y" }, never);
  expect(emulator.calls("sendMessage").at(-1)?.params["link_preview_options"]).toEqual({ is_disabled: true });
});

it("writes the command menu with the owner's own commands, for every scope, and clears it", async () => {
  const customCommands = [
    { command: "/Git-Backup", description: "Back up" },
    { command: "help", description: "mine loses" },
  ];
  const own = await connect(emulator, { customCommands });
  await own.connection.setCommands?.([{ name: "help", description: "Help" }], never);
  const calls = emulator.calls("setMyCommands");
  expect(calls).toHaveLength(3);
  expect(calls[0]?.params["commands"]).toEqual([
    { command: "help", description: "Help" },
    { command: "git_backup", description: "Back up" },
  ]);
  await connection.setCommands?.([], never);
  expect(emulator.calls("deleteMyCommands")).toHaveLength(3);
});
