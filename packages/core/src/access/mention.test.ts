import { describe, expect, test } from "vitest";
import { compileMentionPatterns, decideMention, type MentionFacts, stripMentions } from "./mention.ts";

const { patterns } = compileMentionPatterns({ agent: ["@openclaw", "openclaw", "\\+15555550123"] });
const facts: MentionFacts = { required: true, text: "hello", patterns };

describe("mention gate", () => {
  test.each<[string, Partial<MentionFacts>, string, string]>([
    ["none", {}, "context", "mention-missing"],
    ["native", { native: true }, "respond", "mention-native"],
    ["pattern, any case", { text: "hey OpenClaw!" }, "respond", "mention-pattern"],
    ["pattern with zero-width characters in it", { text: "@open\u200bclaw" }, "respond", "mention-pattern"],
    ["reply to us", { replyToSelf: true }, "respond", "mention-reply"],
    ["authorised command", { command: true }, "respond", "mention-command"],
    ["command to somebody else", { command: true, mentionsOthers: true }, "context", "mention-missing"],
    ["not required", { required: false }, "respond", "mention-not-needed"],
    ["activation always", { required: false, activation: "always" }, "respond", "mention-activation"],
    ["nothing can be detected", { canDetectNative: false, patterns: [] }, "respond", "mention-undetectable"],
    ["patterns can be detected", { canDetectNative: false }, "context", "mention-missing"],
    ["self-chat ignores native mentions", { selfChat: true, native: true }, "context", "mention-missing"],
  ])("%s", (_name, more, action, reason) => {
    expect(decideMention({ ...facts, ...more })).toMatchObject({ action, reason });
  });

  test("being addressed is told apart from having to be", () => {
    expect(decideMention({ ...facts, required: false, native: true }).mentioned).toBe(true);
    expect(decideMention({ ...facts, required: false }).mentioned).toBe(false);
  });
});

const matches = (text: string, sources: Parameters<typeof compileMentionPatterns>[0]) =>
  decideMention({ ...facts, text, patterns: compileMentionPatterns(sources).patterns, canDetectNative: true })
    .reason === "mention-pattern";

describe("patterns", () => {
  test("the agent's win over the messages', even when empty; identity stands in", () => {
    expect(matches("bot", { agent: [], messages: ["bot"] })).toBe(false);
    expect(matches("bot", { messages: ["bot"] })).toBe(true);
    expect(matches("hi Crab Bot.", { identity: { name: "Crab Bot", emoji: "🦞" } })).toBe(true);
    expect(matches("🦞?", { identity: { name: "Crab", emoji: "🦞" } })).toBe(true);
    expect(matches("crabs are tasty", { identity: { name: "Crab" } })).toBe(false);
    expect(matches("a (b", { identity: { name: "(b" } })).toBe(true);
  });

  test("a pattern that does not compile is named, the others work", () => {
    const { patterns: good, invalid } = compileMentionPatterns({ agent: ["(", "fine", " "] });
    expect([good.length, invalid]).toEqual([1, ["("]]);
  });

  test("mentions come off before a command is read", () => {
    expect(stripMentions("@my_bot  /new hi", [], ["@my_bot"])).toBe("/new hi");
    expect(stripMentions("openclaw: /status", patterns)).toBe(": /status");
    expect(stripMentions("@my_bot2 /new", [], ["@my_bot"])).toBe("@my_bot2 /new");
  });
});
