import fs from "node:fs";
import os from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../clock.ts";
import { MISSING_TOOL_RESULT } from "./context-messages.ts";
import { forkTranscript, readRecentEntries } from "./transcript-excerpt.ts";
import { openTranscript, type TranscriptOptions } from "./transcript.ts";
import type { StoredMessage, Transcript } from "./transcript-types.ts";

let dir: string;
let path: string;
beforeEach(() => {
  now = start;
  dir = fs.mkdtempSync(join(os.tmpdir(), "transcript-"));
  path = join(dir, "agents/main/sessions/s1.jsonl");
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

const start = Date.parse("2026-11-20T13:27:32.834Z");
let now = start;
const clock: Clock = { now: () => now, after: () => () => {}, sleep: () => Promise.resolve() };
const open = (more: Partial<TranscriptOptions> = {}) =>
  openTranscript({ path, sessionId: "s1", cwd: "/home/u/w", clock, ...more });
const user = (text: string): StoredMessage => ({ role: "user", content: [{ type: "text", text }], timestamp: now });
const assistant = (...content: unknown[]): StoredMessage => ({ role: "assistant", content, timestamp: now });
const call = (id: string) => ({ type: "toolCall", id, name: "exec", arguments: {} });
const result = (toolCallId: string, text: string): StoredMessage => ({
  role: "toolResult",
  toolCallId,
  toolName: "exec",
  content: [{ type: "text", text }],
  isError: false,
});
const text = (message: StoredMessage | undefined) => JSON.stringify(message?.content);
const texts = (transcript: Transcript) => transcript.messages().map(text);
const lines = () =>
  fs
    .readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line): Record<string, unknown> => JSON.parse(line));
const put = (...content: (string | object)[]) => {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(
    path,
    content.map((line) => (typeof line === "string" ? line : `${JSON.stringify(line)}\n`)).join(""),
  );
};
const header = { type: "session", version: 3, id: "s1", timestamp: "2026-11-20T13:27:32.834Z", cwd: "/w" };
const entry = (id: string, parentId: string | null | undefined, message: StoredMessage) => ({
  type: "message",
  id,
  parentId,
  timestamp: "2026-11-20T13:27:32.834Z",
  message,
});
const backups = () => fs.readdirSync(dirname(path)).filter((name) => name.includes(".bak."));

describe("writing", () => {
  test("nothing is written before the first entry; then a version 3 header and a chain of parents", () => {
    const transcript = open();
    expect(fs.existsSync(path)).toBe(false);
    const first = transcript.append({ type: "model_change", provider: "p", modelId: "m" });
    transcript.appendMessage(user("hi"));
    expect(lines()).toEqual([
      { type: "session", version: 3, id: "s1", timestamp: "2026-11-20T13:27:32.834Z", cwd: "/home/u/w" },
      {
        type: "model_change",
        id: first.id,
        parentId: null,
        timestamp: "2026-11-20T13:27:32.834Z",
        provider: "p",
        modelId: "m",
      },
      expect.objectContaining({ type: "message", parentId: first.id }),
    ]);
    expect(first.id).toMatch(/^[0-9a-f]{8}$/);
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
    expect(fs.statSync(dirname(path)).mode & 0o777).toBe(0o700);
  });

  test("an entry is on the file when append returns, and a reader opened now sees it", () => {
    open().appendMessage(user("hi"));
    expect(texts(open())).toEqual([text(user("hi"))]);
  });

  test("an idle transcript closes its file and goes on where it was", () => {
    const transcript = open();
    const first = transcript.appendMessage(user("a"));
    transcript.close();
    expect(transcript.appendMessage(user("b")).parentId).toBe(first.id);
    expect(texts(transcript)).toEqual([text(user("a")), text(user("b"))]);
  });

  test("lines that another process appended become the new leaf", () => {
    const transcript = open();
    const first = transcript.appendMessage(user("a"));
    fs.appendFileSync(path, `${JSON.stringify(entry("ffffffff", first.id, user("from outside")))}\n`);
    expect(transcript.appendMessage(user("b")).parentId).toBe("ffffffff");
    expect(texts(transcript)).toHaveLength(3);
  });

  test("ids that were given already are not given again", () => {
    const ids = ["aaaaaaaa", "aaaaaaaa", "bbbbbbbb"];
    const transcript = open({ newId: () => ids.shift() ?? "cccccccc" });
    transcript.appendMessage(user("a"));
    expect(transcript.appendMessage(user("b")).id).toBe("bbbbbbbb");
  });
});

describe("the model's view", () => {
  test("tool calls and results are paired, missing results made up, stray ones left out", () => {
    const transcript = open();
    for (const message of [
      result("gone", "stray"),
      user("go"),
      assistant(call("a"), call("b"), call("c")),
      result("b", "B"),
      user("interjection"),
      result("a", "A"),
      result("a", "A again"),
      assistant(call("a")),
    ])
      transcript.appendMessage(message);
    const seen = transcript.messages();
    expect(seen.map((message) => [message.role, message["toolCallId"], message["isError"]])).toEqual([
      ["user", undefined, undefined],
      ["assistant", undefined, undefined],
      ["toolResult", "a", false],
      ["toolResult", "b", false],
      ["toolResult", "c", true],
      ["user", undefined, undefined],
      ["assistant", undefined, undefined],
      ["toolResult", "a", true],
    ]);
    expect(text(seen[2])).toBe(text(result("a", "A")));
    expect(text(seen[4])).toContain(MISSING_TOOL_RESULT);
  });

  test("a compaction leaves its summary and what it keeps", () => {
    const transcript = open();
    transcript.appendMessage(user("old"));
    const kept = transcript.appendMessage(user("kept"));
    const compaction = transcript.append({
      type: "compaction",
      summary: "SUM",
      firstKeptEntryId: kept.id,
      tokensBefore: 9,
    });
    transcript.appendMessage(user("new"));
    for (const view of [transcript, open()]) {
      expect(view.branch().map((found) => found.id)).toEqual([compaction.id, kept.id, expect.any(String)]);
      expect(texts(view)).toEqual([expect.stringContaining("SUM"), text(user("kept")), text(user("new"))]);
    }
    const last = transcript.append({
      type: "compaction",
      summary: "SUM2",
      firstKeptEntryId: "nowhere",
      tokensBefore: 9,
    });
    expect(transcript.branch().map((found) => found.id)).toEqual([last.id]);
  });

  test("custom entries stay out, custom messages and summaries of branches go in", () => {
    const transcript = open();
    transcript.append({ type: "custom", customType: "model-snapshot", data: {} });
    transcript.append({ type: "custom_message", customType: "x", content: "from a hook", display: true });
    transcript.append({ type: "branch_summary", fromId: "x", summary: "side" });
    transcript.appendMessage({ role: "bashExecution", command: "ls", output: "a b", exitCode: 2 });
    transcript.append({ type: "label", targetId: "x", label: "y" });
    expect(transcript.messages().map((message) => message.role)).toEqual(["user", "user", "user"]);
    expect(texts(transcript).join()).toMatch(/from a hook.*side.*ls.*a b.*Exit code 2/);
  });

  test("only the leaf's branch counts", () => {
    put(header, entry("a", null, user("root")), entry("b", "a", user("abandoned")), entry("c", "a", user("taken")));
    expect(texts(open())).toEqual([text(user("root")), text(user("taken"))]);
  });

  test("messages injected without a parent follow the line before them", () => {
    put(header, entry("a", null, user("root")), entry("b", undefined, assistant({ type: "text", text: "injected" })));
    const transcript = open();
    expect(texts(transcript)).toHaveLength(2);
    expect(transcript.appendMessage(user("x")).parentId).toBe("b");
  });
});

const whole = () => {
  const transcript = open();
  for (let index = 0; index < 2; index += 1) transcript.appendMessage({ role: "user", content: `🦞${index}` });
  transcript.close();
  return fs.readFileSync(path);
};

/** A lost line feed glues two lines together. */
const damagesTwo = (bytes: Buffer, at: number) => bytes[at] === 10;

// Every repair is flushed to the disk, hundreds of times here.
describe("damage", { timeout: 90_000 }, () => {
  test("a file cut at any byte loads with every whole line and takes the next message", () => {
    const bytes = whole();
    const ends = [...bytes.entries()].filter(([, byte]) => byte === 10).map(([at]) => at);
    for (let length = 0; length <= bytes.length; length += 1) {
      now += 1;
      fs.writeFileSync(path, bytes.subarray(0, length));
      const transcript = open();
      // A line without its line feed is whole too. The first line is the header.
      const expected = Math.max(0, ends.filter((end) => end <= length).length - 1);
      expect(transcript.messages(), `cut at ${length}`).toHaveLength(expected);
      transcript.appendMessage(user("next"));
      transcript.close();
      expect(texts(transcript), `cut at ${length}`).toHaveLength(expected + 1);
      expect(open().dropped).toEqual([]);
      transcript.close();
      expect(lines()[0]).toMatchObject({ type: "session", version: 3 });
    }
  });

  test("a flipped byte anywhere costs at most its own line and its neighbour", () => {
    const bytes = whole();
    for (let at = 0; at < bytes.length; at += 1) {
      now += 1;
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x15;
      fs.writeFileSync(path, damaged);
      expect(open().messages().length, `flipped ${at}`).toBeGreaterThanOrEqual(damagesTwo(bytes, at) ? 0 : 1);
    }
  });

  test("unreadable lines are named and kept in a backup", () => {
    put(
      header,
      entry("a", null, user("1")),
      "{not json\n",
      "[1]\n",
      entry("b", "gone", user("2")),
      `{"type":"message","id":"x"}\n`,
      entry("c", "b", user("3")),
    );
    const before = fs.readFileSync(path, "utf8");
    const transcript = open();
    expect(texts(transcript)).toEqual(["1", "2", "3"].map((value) => text(user(value))));
    expect(transcript.dropped).toEqual([
      { line: 3, reason: "not valid JSON" },
      { line: 4, reason: "not an object" },
      { line: 6, reason: "message without a role" },
    ]);
    expect(backups()).toHaveLength(1);
    expect(fs.readFileSync(join(dirname(path), backups()[0] ?? ""), "utf8")).toBe(before);
    expect(open().dropped).toEqual([]);
  });

  test("NUL bytes of a power cut are taken out and what follows them is kept", () => {
    put(
      header,
      entry("a", null, user("1")),
      `${"\0".repeat(4096)}${JSON.stringify(entry("b", "a", user("2")))}\n`,
      "\0".repeat(100),
    );
    const transcript = open();
    expect(texts(transcript)).toHaveLength(2);
    expect(backups()).toHaveLength(1);
    expect(fs.readFileSync(path).includes(0)).toBe(false);
  });

  test("lost parents, double ids and cycles do not cut or trap the branch", () => {
    put(
      header,
      entry("a", "b", user("1")),
      entry("b", "a", user("2")),
      entry("a", "b", user("3")),
      entry("c", "lost", user("4")),
      entry("d", "c", user("5")),
    );
    expect(texts(open())).toEqual(["1", "2", "3", "4", "5"].map((value) => text(user(value))));
  });

  test("a file without a header gets one", () => {
    put(entry("a", null, user("1")));
    expect(texts(open())).toHaveLength(1);
    expect(lines()[0]).toMatchObject({ type: "session", version: 3, id: "s1" });
    expect(backups()).toHaveLength(1);
  });
});

test("a recorded transcript of an existing installation is read and left as it is", () => {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.copyFileSync(join(import.meta.dirname, "fixtures/recorded-transcript.jsonl"), path);
  const before = fs.readFileSync(path, "utf8");
  const transcript = open();
  expect(
    transcript
      .messages()
      .map((message) => message.role.charAt(0))
      .join(""),
  ).toBe("uauatauatau");
  expect(transcript.dropped).toEqual([]);
  transcript.appendMessage(user("next"));
  expect(fs.readFileSync(path, "utf8").startsWith(before)).toBe(true);
});

describe("older versions", () => {
  test("version 1 gets ids and parents, its compaction keeps the same entries", () => {
    const { version: _version, ...v1 } = header;
    put(
      v1,
      { type: "message", timestamp: "t", message: user("old") },
      { type: "message", timestamp: "t", message: user("kept") },
      { type: "compaction", timestamp: "t", summary: "SUM", firstKeptEntryIndex: 2, tokensBefore: 1 },
      { type: "message", timestamp: "t", message: user("new") },
    );
    const transcript = open();
    expect(texts(transcript)).toEqual([expect.stringContaining("SUM"), text(user("kept")), text(user("new"))]);
    expect(lines()[0]).toMatchObject({ version: 3, cwd: "/w" });
    expect(transcript.dropped).toEqual([]);
    expect(backups()).toHaveLength(1);
  });

  test("version 2 renames hook messages to custom", () => {
    put({ ...header, version: 2 }, entry("a", null, { role: "hookMessage", content: "hook" }));
    expect(open().messages()).toMatchObject([{ role: "user", content: "hook" }]);
    expect(lines()[1]).toMatchObject({ message: { role: "custom" } });
  });
});

describe("large files", () => {
  test("only the end is read: back to the compaction, else a window that starts at a user message", () => {
    const filler = "x".repeat(1000);
    const chain = (count: number, prefix: string, parent: string | null) =>
      Array.from({ length: count }, (_, index) =>
        entry(
          `${prefix}${index}`,
          index === 0 ? parent : `${prefix}${index - 1}`,
          index % 2 === 0 ? user(filler) : assistant({ type: "text", text: filler }),
        ),
      );
    put(header, "damage in the distant past\n", ...chain(400, "a", null));
    const transcript = open({ windowBytes: 50_000 });
    expect(transcript.messages()[0]?.role).toBe("user");
    expect(transcript.messages().length).toBeLessThan(60);
    expect(transcript.dropped).toEqual([]);
    transcript.append({ type: "compaction", summary: "S", firstKeptEntryId: "a399", tokensBefore: 1 });
    expect(transcript.messages()).toHaveLength(2);
  });
});

describe("excerpts and forks", () => {
  test("the newest messages are read through a compaction, oldest first", () => {
    const transcript = open();
    for (let index = 0; index < 5; index += 1) transcript.appendMessage(user(`${index}`));
    transcript.append({ type: "compaction", summary: "S", firstKeptEntryId: "none", tokensBefore: 1 });
    transcript.appendMessage(user("5"));
    expect(readRecentEntries({ path, limit: 3 }).map((found) => text(found.message))).toEqual(
      ["3", "4", "5"].map((value) => text(user(value))),
    );
    expect(readRecentEntries({ path, limit: 100 })).toHaveLength(6);
    expect(readRecentEntries({ path: join(dir, "none.jsonl"), limit: 3 })).toEqual([]);
  });

  test("replies that were injected beside the branch are read, abandoned branches are not", () => {
    put(
      header,
      entry("a", null, user("1")),
      entry("b", "a", user("abandoned")),
      entry("i", undefined, assistant({ type: "text", text: "injected" })),
      entry("c", "a", user("2")),
    );
    expect(readRecentEntries({ path, limit: 9 }).map((found) => found.id)).toEqual(["a", "i", "c"]);
    expect(readRecentEntries({ path, limit: 1 }).map((found) => found.id)).toEqual(["c"]);
  });

  test("a fork sees what its parent saw and leaves it alone", () => {
    const parent = open();
    parent.appendMessage(user("old"));
    const kept = parent.appendMessage(user("kept"));
    parent.append({ type: "compaction", summary: "S", firstKeptEntryId: kept.id, tokensBefore: 1 });
    parent.appendMessage(user("new"));
    const fork = forkTranscript({ from: parent, path: join(dir, "fork.jsonl"), sessionId: "s2", cwd: "/w", clock });
    expect(fork.messages()).toEqual(parent.messages());
    fork.appendMessage(user("only here"));
    expect(fork.messages()).toHaveLength(4);
    expect(parent.messages()).toHaveLength(3);
    expect(JSON.parse(fs.readFileSync(join(dir, "fork.jsonl"), "utf8").split("\n")[0] ?? "")).toMatchObject({
      id: "s2",
      parentSession: path,
    });
  });
});
