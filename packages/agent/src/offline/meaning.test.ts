import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createAgentFixture, type AgentFixture } from "../../test/agent-fixture.ts";
import { installLocalModel } from "../../test/local-model.ts";
import type { Agent } from "../types.ts";

let fixture: AgentFixture;
let agent: Agent;

beforeAll(async () => {
  fixture = await createAgentFixture();
  const { stateDir, workspace } = fixture;
  installLocalModel(stateDir);
  mkdirSync(join(workspace, "memory"), { recursive: true });
  writeFileSync(join(workspace, "memory/2026-11-01.md"), "Dentist appointment with Dr Okafor on 3 December at 9:30.\n");
  writeFileSync(join(workspace, "memory/2026-11-02.md"), "The plumber, Mr Silva, comes on Thursday mornings only.\n");
  writeFileSync(join(workspace, "TODO.md"), "- [ ] pay the rent\n");
  agent = fixture.agent({
    config: { agents: { defaults: { model: "offline/rules", workspace, skipBootstrap: true } } },
  });
  // Has the notes embedded; until then words alone would find them.
  for (let text = ""; !text.includes("Okafor"); text = await ask("when must I have my teeth looked at?"));
}, 120_000);
afterAll(() => fixture[Symbol.asyncDispose]());

let sessions = 0;
async function ask(text: string): Promise<string> {
  const { payloads } = await agent.run({ message: { text }, sessionKey: `agent:main:${sessions++}` }).result;
  return payloads.map((payload) => payload.text).join("\n");
}

it("answers a question from a note that shares no word with it, with file and date", async () => {
  const answer = await ask("who repairs leaking pipes, and when?");
  expect(answer).toContain("I found this in your notes:");
  expect(answer).toContain(
    "> The plumber, Mr Silva, comes on Thursday mornings only.\n— memory/2026-11-02.md, line 1 (2026-11-02)",
  );
  expect(answer).not.toContain("Okafor");
});

it.each([
  ["which things do I still need to get done", "pay the rent"],
  ["could you tell me everything you remember about me", "Your notes, newest first:"],
  ["I'd rather chat with a proper AI", "There are three ways to connect a language model."],
])("understands %j by its meaning", async (text, answer) => {
  expect(await ask(text)).toContain(answer);
});

it.each([
  "what is the capital of Mongolia?",
  "write a poem about spring",
  "delete everything I ever told you to keep",
  "/nonsense",
])("does not pretend to understand %j", async (text) => {
  expect(await ask(text)).toMatch(/I can't do that offline|I don't know the command|I found no note/);
});
