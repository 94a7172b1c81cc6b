import { expect, test } from "vitest";
import { OWNER, room } from "../../test/command-room.ts";
import type { CommandInput } from "./command.ts";
import { createDock } from "./dock.ts";

const dock = createDock("fake", "Fake");
const from = (rest: Partial<CommandInput>): CommandInput => ({
  sessionKey: "agent:main:main",
  channel: "telegram",
  chatKind: "direct",
  senderId: "55",
  owner: false,
  ...rest,
});

test("a linked person is found on the other channel, and what comes unasked goes there", async () => {
  const { context } = room({ session: { identityLinks: { ada: ["telegram:55", "fake:900"] } } });
  expect(await dock.run("", from({}), context)).toMatchObject({ reply: expect.stringContaining("(900)") as string });
  expect(context.sessions.lastRoute("agent:main:main")).toEqual({ channel: "fake", account: "default", target: "900" });
});

test("the dashboard's owner is the only person the channel lets in; somebody else is not guessed", async () => {
  const { context } = room();
  const route = () => context.sessions.lastRoute("agent:main:main");
  expect(await dock.run("", from({}), context)).toMatchObject({
    reply: expect.stringContaining("session.identityLinks") as string,
  });
  expect(await dock.run("", from({ channel: "webchat", senderId: "cli" }), context)).toMatchObject({
    reply: expect.stringContaining("identityLinks") as string,
  });
  expect(route()).toBeUndefined();
  await dock.run("", from({ channel: "webchat", senderId: "cli", owner: true }), context);
  expect(route()).toMatchObject({ channel: "fake", target: OWNER });
});
