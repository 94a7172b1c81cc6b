import { describe, expect, test } from "vitest";
import { STRANGER, room } from "../../../test/command-room.ts";

describe("a directive inside a message", () => {
  test("is taken out, holds for that message, and is not remembered", async () => {
    const opened = room();
    const { turns, replies } = await opened.say("what is /think high the meaning /model fast of life?");
    expect(replies).toEqual([]);
    expect(turns[0]?.input).toMatchObject({ thinking: "high", model: "openai/gpt-5.2" });
    expect(turns[0]?.input.message?.text).toContain("what is the meaning of life?");
    expect(opened.entry()?.thinkingLevel).toBeUndefined();
    expect(opened.entry()?.modelOverride).toBeUndefined();
  });

  test("may lead the message", async () => {
    const { turns } = await room().say("/fast /t low write a poem");
    expect(turns[0]?.input).toMatchObject({ thinking: "low", model: "openai/gpt-5.2" });
    expect(turns[0]?.input.message?.text).toMatch(/ write a poem/);
  });

  test("several without words are remembered and all answered", async () => {
    const opened = room();
    const { replies, turns } = await opened.say("/think high /verbose on");
    expect(turns).toEqual([]);
    expect(replies).toEqual(["Thinking: high\n\nVerbose: on · tool calls are shown"]);
    expect(opened.entry()).toMatchObject({ thinkingLevel: "high", verboseLevel: "on" });
  });

  test("of somebody who may not give commands is text", async () => {
    const opened = room({}, { groupPolicy: "open", groups: { "*": { requireMention: false } } });
    const { turns } = await opened.say("please /think high about /status this", { chat: "group", from: STRANGER });
    expect(turns[0]?.input.thinking).toBeUndefined();
    expect(turns[0]?.input.message?.text).toContain("please /think high about /status this");
  });

  test("in a group that I read anyway counts only when I am mentioned", async () => {
    const opened = room({}, { groups: { "*": { requireMention: false } } });
    const plain = await opened.say("look /think high here", { chat: "group" });
    expect(plain.turns[0]?.input.message?.text).toContain("look /think high here");
    await plain.turns[0]?.finish("");
    const mentioned = await opened.say("look /think high here", { chat: "group", mentioned: true });
    expect(mentioned.turns[0]?.input.thinking).toBe("high");
  });

  test("that cannot be had is said, and the message goes on without it", async () => {
    const { replies, turns } = await room().say("/elevated full delete everything");
    expect(replies).toEqual([expect.stringMatching(/not open to you/)]);
    expect(turns[0]?.input.message?.text).toContain("delete everything");
  });

  test("with a picture and no other words belongs to the picture", async () => {
    const opened = room();
    const { turns } = await opened.say("/think high", { rest: { media: [{ kind: "image", ref: "r" }] } });
    expect(turns[0]?.input.thinking).toBe("high");
    expect(opened.entry()?.thinkingLevel).toBeUndefined();
  });

  test("waits for a turn of its own while another runs", async () => {
    const opened = room();
    const first = await opened.say("one");
    await opened.say("two /think high");
    await opened.say("three");
    await first.turns[0]?.finish("done");
    const second = await opened.turnsBegun(1_000);
    expect(second.map(({ input }) => input.thinking)).toEqual(["high"]);
    expect(second[0]?.input.message?.text).not.toContain("three");
  });
});

describe("shortcuts inside a message", () => {
  test("are answered beside it", async () => {
    const { replies, turns } = await room().say("hello /whoami my friend");
    expect(replies).toEqual([expect.stringMatching(/^You: 100/)]);
    expect(turns[0]?.input.message?.text).toContain("hello my friend");
  });

  test("at its start leave the words behind them to the agent", async () => {
    const { replies, turns } = await room().say("/status and how are you?");
    expect(replies).toHaveLength(1);
    expect(turns[0]?.input.message?.text).toContain("and how are you?");
  });
});
