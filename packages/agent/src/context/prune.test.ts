import type { StoredMessage } from "@openclaw/core/sessions";
import { expect, test } from "vitest";
import { pruneMessages } from "./prune.ts";
import { readContextSettings, type ContextConfig } from "./settings.ts";

const user = (text: string): StoredMessage => ({ role: "user", content: [{ type: "text", text }], timestamp: 1 });
const answer = (timestamp = 1): StoredMessage => ({
  role: "assistant",
  content: [{ type: "text", text: "ok" }],
  timestamp,
});
const result = (chars: number, toolName = "exec", timestamp = 1): StoredMessage => ({
  role: "toolResult",
  toolCallId: "c",
  toolName,
  content: [{ type: "text", text: `HEAD${"x".repeat(Math.max(0, chars - 8))}TAIL` }],
  timestamp,
});
const picture: StoredMessage = {
  ...result(60_000),
  content: [
    { type: "text", text: "y".repeat(60_000) },
    { type: "image", data: "", mimeType: "image/png" },
  ],
};

const CLEARED = "[Old tool result content cleared]";
const kind = (message: StoredMessage) => {
  const text = (message.content as { text?: string }[])[0]?.text ?? "";
  if (text === CLEARED) return "cleared";
  return text.includes("[Tool result trimmed") ? "trimmed" : "whole";
};

/** What becomes of the results of a conversation; the window is in tokens. */
function prunedKinds(
  messages: StoredMessage[],
  contextPruning: ContextConfig["contextPruning"],
  contextWindow = 10_000,
  cacheExpiredAt?: number,
) {
  const settings = readContextSettings({ contextPruning }).pruning;
  return pruneMessages(messages, { settings, contextWindow, cacheExpiredAt })
    .filter(({ role }) => role === "toolResult")
    .map(kind);
}

/** 40,000 characters of window: 0.3 is 12,000 of them, 0.5 is 20,000. */
const talk = (...sizes: number[]) => [
  user("go"),
  ...sizes.flatMap((size) => [answer(), result(size)]),
  answer(),
  answer(),
  answer(),
];

const TABLE: [name: string, messages: StoredMessage[], config: ContextConfig["contextPruning"], expected: string[]][] =
  [
    ["off changes nothing", talk(60_000), { mode: "off" }, ["whole"]],
    ["adaptive is the default", talk(30_000), undefined, ["trimmed"]],
    ["below the soft ratio nothing is trimmed", talk(11_000), {}, ["whole"]],
    ["above it results over maxChars are", talk(14_000, 3_900), {}, ["trimmed", "whole"]],
    [
      "little prunable text is never cleared",
      talk(...Array.from({ length: 12 }, () => 4_000)),
      {},
      Array.from({ length: 12 }, () => "whole"),
    ],
    [
      "the oldest are cleared until the hard ratio holds",
      talk(...Array.from({ length: 14 }, () => 4_000)),
      {},
      Array.from({ length: 14 }, (_, index) => (index < 10 ? "cleared" : "whole")),
    ],
    [
      "hardClear.enabled false only trims",
      talk(...Array.from({ length: 14 }, () => 5_000)),
      { hardClear: { enabled: false } },
      Array.from({ length: 14 }, () => "trimmed"),
    ],
    [
      "aggressive clears whatever the ratio",
      talk(100, 200),
      { mode: "aggressive", hardClear: { enabled: false } },
      ["cleared", "cleared"],
    ],
    [
      "results after the last kept answers stay",
      [user("go"), answer(), result(30_000), answer(), result(30_000), answer(), answer()],
      { mode: "aggressive" },
      ["cleared", "whole"],
    ],
    ["fewer answers than are kept: nothing", [user("go"), answer(), result(30_000)], { mode: "aggressive" }, ["whole"]],
    [
      "keepLastAssistants 0 keeps none",
      [user("go"), answer(), result(30_000)],
      { mode: "aggressive", keepLastAssistants: 0 },
      ["cleared"],
    ],
    [
      "nothing before the first user message",
      [result(30_000), user("go"), answer(), result(30_000), answer(), answer(), answer()],
      { mode: "aggressive" },
      ["whole", "cleared"],
    ],
    [
      "images are skipped",
      [user("go"), answer(), picture, answer(), answer(), answer()],
      { mode: "aggressive" },
      ["whole"],
    ],
    ["deny wins over allow", talk(30_000), { mode: "aggressive", tools: { allow: ["*"], deny: ["ex*"] } }, ["whole"]],
    ["an allow list leaves others alone", talk(30_000), { mode: "aggressive", tools: { allow: ["web_*"] } }, ["whole"]],
    [
      "names match without regard to case",
      talk(30_000),
      { mode: "aggressive", tools: { allow: ["EXEC"] } },
      ["cleared"],
    ],
    ["cache-ttl waits for the cache to expire", talk(30_000), { mode: "cache-ttl" }, ["whole"]],
  ];

test.each(TABLE)("%s", (_name, messages, config, expected) => {
  const before = structuredClone(messages);
  expect(prunedKinds(messages, config)).toEqual(expected);
  expect(messages).toEqual(before);
});

test("a trimmed result shows its beginning and end and says how long it was", () => {
  const [, , trimmed] = pruneMessages(talk(30_000), {
    settings: readContextSettings({}).pruning,
    contextWindow: 10_000,
  });
  const text = (trimmed!.content as { text: string }[])[0]!.text;
  expect(text).toMatch(/^HEADx+\n\.\.\.\nx+TAIL\n\n\[Tool result trimmed: .*30000 characters/);
  expect(text.length).toBeLessThan(3_300);
});

test("in mode cache-ttl what came after the expiry keeps its shape, so that the cache holds", () => {
  const old = [user("go"), answer(10), result(30_000, "exec", 20), answer(30), answer(40), answer(50)];
  const since = [answer(110), result(30_000, "exec", 120), answer(130), answer(140), answer(150)];
  expect(prunedKinds([...old, ...since], { mode: "cache-ttl" }, 10_000, 100)).toEqual(["trimmed", "whole"]);
});
