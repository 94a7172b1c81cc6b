import { describe, expect, test } from "vitest";
import { parseMediaLines } from "./media-lines.ts";
import { incompleteTagAt, parseReplyTags, replyTarget } from "./reply-tags.ts";
import { resolveResponsePrefix, shortModel, withResponsePrefix } from "./response-prefix.ts";
import { heartbeatReply, isSilentReply, maybeSilent, stripHeartbeatToken } from "./silent.ts";

describe("silence", () => {
  test.each([
    ["NO_REPLY", true],
    ["  NO_REPLY.  ", true],
    ["**NO_REPLY**", true],
    ["NO_REPLY - nothing to say", true],
    ["I looked and NO_REPLY", true],
    ["NO_REPLYING", false],
    ["XNO_REPLY", false],
    ["use NO_REPLY when silent", false],
    ["", false],
  ])("%j silent: %s", (text, silent) => {
    expect(isSilentReply(text)).toBe(silent);
  });

  test.each([
    ["HEARTBEAT_OK", "", true],
    ["**HEARTBEAT_OK**", "", true],
    ["<b>HEARTBEAT_OK</b> all fine", "all fine", true],
    ["All **fine.**\n\n**HEARTBEAT_OK**.", "All **fine.**", true],
    ["HEARTBEAT_OK HEARTBEAT_OK", "", true],
    ["the HEARTBEAT_OK token", "the HEARTBEAT_OK token", false],
    ["HEARTBEAT_OKAY", "HEARTBEAT_OKAY", false],
  ])("heartbeat token off %j", (text, rest, found) => {
    expect(stripHeartbeatToken(text)).toEqual({ text: rest, found });
  });

  test("a heartbeat delivers only what is worth it", () => {
    expect(heartbeatReply("HEARTBEAT_OK nothing new")).toBeUndefined();
    expect(heartbeatReply(`HEARTBEAT_OK ${"x".repeat(300)}`)).toBeUndefined();
    expect(heartbeatReply(`HEARTBEAT_OK ${"x".repeat(301)}`)).toBe("x".repeat(301));
    expect(heartbeatReply("Your flight is late.")).toBe("Your flight is late.");
    expect(heartbeatReply("NO_REPLY")).toBeUndefined();
    expect(heartbeatReply("HEARTBEAT_OK note", 0)).toBe("note");
  });

  test("what may become silent is held back while it is written", () => {
    expect(["", "N", "NO_RE", "NO_REPLY", "HEART"].map(maybeSilent)).toEqual([true, true, true, true, true]);
    expect(["No", "NOT", "Hello", "HEARTY"].map(maybeSilent)).toEqual([false, false, false, false]);
  });
});

describe("reply tags", () => {
  test.each([
    ["[[reply_to_current]] hi", { text: "hi", replyToCurrent: true, audioAsVoice: false }],
    [
      "a [[ reply_to : 12 ]] b [[reply_to:34]]",
      { text: "a b", replyToCurrent: false, replyToId: "34", audioAsVoice: false },
    ],
    ["[[audio_as_voice]]\nhi", { text: "hi", replyToCurrent: false, audioAsVoice: true }],
    [
      "`[[reply_to_current]]` is\n```\n[[reply_to:1]]\n```",
      { text: "`[[reply_to_current]]` is\n```\n[[reply_to:1]]\n```", replyToCurrent: false, audioAsVoice: false },
    ],
    ["[[other]] [link](x)", { text: "[[other]] [link](x)", replyToCurrent: false, audioAsVoice: false }],
  ])("%j", (text, tags) => {
    expect(parseReplyTags(text)).toEqual(tags);
  });

  test("a tag that is still being written is held back", () => {
    const shown = (text: string) => text.slice(0, incompleteTagAt(text));
    expect(["hi [", "hi [[", "hi [[reply_to", "hi [[reply_to:12", "hi [[audio_as_voice]"].map(shown)).toEqual(
      Array(5).fill("hi "),
    );
    expect(["hi [x", "hi [[other", "hi [[reply_to:1]] x"].map(shown)).toEqual([
      "hi [x",
      "hi [[other",
      "hi [[reply_to:1]] x",
    ]);
  });

  test.each([
    ["off", {}, 0, false, undefined],
    ["off", { replyToId: "7" }, 0, false, undefined],
    ["off", { replyToId: "7" }, 0, true, "7"],
    ["first", {}, 0, false, "1"],
    ["first", {}, 1, false, undefined],
    ["all", {}, 5, false, "1"],
    ["all", { replyToId: "7" }, 5, false, "7"],
    ["off", { replyToCurrent: true }, 0, true, "1"],
  ] as const)("mode %s, tags %j, message %i", (mode, tags, index, tagsAlways, target) => {
    expect(
      replyTarget({ mode, tags: { replyToCurrent: false, ...tags }, index, tagsAlways, currentMessageId: "1" }),
    ).toBe(target);
  });
});

describe("media lines", () => {
  test.each([
    ["Here:\nMEDIA:https://example.com/a.png\nthere", "Here:\nthere", ["https://example.com/a.png"]],
    ["MEDIA: ./out/a.png", "", ["./out/a.png"]],
    ["MEDIA:/home/u/w/a.png", "", ["/home/u/w/a.png"]],
    ["MEDIA:~/a.png", "", ["~/a.png"]],
    ["MEDIA:file:///tmp/a%20b.png", "", ["/tmp/a b.png"]],
    ['MEDIA:"./my file.png"', "", ["./my file.png"]],
    ["`MEDIA:./a.png`", "", ["./a.png"]],
    ["MEDIA:./a.png\nMEDIA:./b.png", "", ["./a.png", "./b.png"]],
  ])("%j", (text, rest, media) => {
    expect(parseMediaLines(text)).toEqual({ text: rest, media });
  });

  test.each([
    "see MEDIA:./a.png",
    "MEDIA:../secret",
    "MEDIA:./a/../../b",
    "MEDIA:file:///a/%2e%2e/b/..%2f",
    "MEDIA:javascript:alert(1)",
    "MEDIA:two words.png",
    "MEDIA:https://",
    "MEDIA:",
    `MEDIA:./${"x".repeat(5000)}`,
    "```\nMEDIA:./a.png\n```",
    "MEDIA:file://host/%zz",
  ])("%j stays text", (text) => {
    expect(parseMediaLines(text)).toEqual({ text, media: [] });
  });
});

describe("response prefix", () => {
  const variables = {
    model: "claude-opus-4-5-20251101",
    provider: "anthropic",
    thinkingLevel: "high",
    identityName: "Crab",
  };
  test.each([
    [{}, ""],
    [{ messages: "🦞" }, "🦞"],
    [{ channel: "", messages: "🦞" }, ""],
    [{ account: "a", channel: "b", messages: "c" }, "a"],
    [{ messages: "auto" }, "[Crab]"],
    [{ messages: "[{MODEL} | think:{think}]" }, "[claude-opus-4-5 | think:high]"],
    [
      { messages: "{modelFull} {provider} {identity.name} {nope}" },
      "anthropic/claude-opus-4-5-20251101 anthropic Crab {nope}",
    ],
  ])("%j", (layers, prefix) => {
    expect(resolveResponsePrefix(layers, variables)).toBe(prefix);
  });

  test("an unknown value leaves its variable, auto without a name nothing", () => {
    expect(resolveResponsePrefix({ messages: "{model}" }, {})).toBe("{model}");
    expect(resolveResponsePrefix({ messages: "auto" }, {})).toBe("");
  });

  test("it is put on once", () => {
    expect(withResponsePrefix("hi", "🦞")).toBe("🦞 hi");
    expect(withResponsePrefix("🦞 hi", "🦞")).toBe("🦞 hi");
    expect(withResponsePrefix("hi", "")).toBe("hi");
    expect(withResponsePrefix("", "🦞")).toBe("");
  });

  test.each([
    ["gpt-4o-latest", "gpt-4o"],
    ["gpt-4o-2024-08-06", "gpt-4o"],
    ["moonshotai/kimi-k2", "kimi-k2"],
    ["glm-4.7", "glm-4.7"],
  ])("%s is %s", (model, short) => {
    expect(shortModel(model)).toBe(short);
  });
});
