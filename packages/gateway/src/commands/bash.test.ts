import { expect, test } from "vitest";
import { OWNER, room } from "../../test/command-room.ts";

const open = (more: Record<string, unknown> = {}) =>
  room({
    commands: { bash: true, bashForegroundMs: 0, ...more },
    tools: { elevated: { allowFrom: { fake: [OWNER] } } },
  });

test("! runs a command on the host and tells how it ended", async () => {
  const opened = open();
  await opened.say("!echo one; exit 3");
  await expect.poll(async () => (await opened.say("!poll")).replies[0]).toBe("```\none\n```\nexit code 3");
});

test("there is one job: a second waits for the first to be stopped", async () => {
  const opened = open();
  expect((await opened.say("!sleep 60")).replies[0]).toMatch(/^sleep 60 still runs/);
  expect((await opened.say("/bash echo two")).replies[0]).toMatch(/^sleep 60 still runs/);
  expect((await opened.say("!stop")).replies[0]).toMatch(/^Stopped\./);
  expect((await opened.say("!stop")).replies[0]).toBe("Nothing is running.");
});

test("whoever is not in tools.elevated.allowFrom runs nothing", async () => {
  const opened = room({ commands: { bash: true } });
  expect((await opened.say("!echo one")).replies[0]).toMatch(/tools\.elevated\.allowFrom\.fake/);
  expect((await opened.say("!poll")).replies[0]).toMatch(/tools\.elevated\.allowFrom\.fake/);
});

test("where no shell is offered, ! is a message and /bash names the switch", async () => {
  const opened = room();
  expect((await opened.say("!great")).turns).toHaveLength(1);
  expect((await opened.say("/bash ls")).replies[0]).toMatch(/commands\.bash/);
});
