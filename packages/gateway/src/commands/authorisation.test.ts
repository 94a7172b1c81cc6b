import { describe, expect, test } from "vitest";
import { STRANGER, admin, room } from "../../test/command-room.ts";

describe("who may what", () => {
  test("with access groups off everybody who may write may command, and owners alone administrate", async () => {
    const opened = room(
      { commands: { ...admin.commands, useAccessGroups: false } },
      { dmPolicy: "open", allowFrom: ["*"] },
    );
    expect((await opened.say("/status", { from: STRANGER })).replies[0]).toMatch(/Model:/);
    for (const text of ["/config", "/debug", "/restart", "/allowlist"]) {
      expect((await opened.say(text, { from: STRANGER })).replies).toEqual([expect.stringMatching(/for owners only/)]);
    }
  });

  test("a command in a forwarded message is content", async () => {
    const { turns, replies } = await room().say("/new", { rest: { forwardedFrom: "Mallory" } });
    expect(replies).toEqual([]);
    expect(turns).toHaveLength(1);
  });

  test("a dashboard without the administrator's scope does not administrate", async () => {
    const opened = room(admin);
    expect((await opened.webchat("/config set messages.queue.cap=3", { owner: false })).reply).toMatch(
      /for owners only/,
    );
    expect((await opened.webchat("/elevated full", { owner: false })).reply).toMatch(/not open to you/);
  });

  test("commands.text: false leaves the menu and /stop", async () => {
    const opened = room({ commands: { text: false } });
    const typed = await opened.say("/think high");
    expect(typed.turns[0]?.input.message?.text).toContain("/think high");
    expect((await opened.say("/stop")).replies).toEqual(["⚙️ Agent was aborted."]);
    expect((await opened.say("/think high", { native: true })).replies).toEqual(["Thinking: high"]);
  });

  test("a command for another bot is not for us", async () => {
    expect((await room().say("/status@other_bot", { chat: "group" })).reason).toBe("mention-missing");
  });

  test("our name before the command does not hide it", async () => {
    expect((await room().say("@my_bot /status", { chat: "group", mentioned: true })).replies).toEqual([
      expect.stringMatching(/Model:/),
    ]);
  });
});
