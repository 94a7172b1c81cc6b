import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { callTool, say } from "@openclaw/testkit/llm";
import { expect, test } from "vitest";
import { createAgentFixture, type AgentFixture } from "../../test/agent-fixture.ts";
import { createMemoryLedger } from "../budget/usage-ledger.ts";

function agentWith(fixture: AgentFixture, imageModel: string | undefined, usage = createMemoryLedger()) {
  const provider = {
    baseUrl: fixture.llm.baseUrl["openai-completions"],
    apiKey: "k",
    api: "openai-completions",
    models: [{ id: "one" }, { id: "eyes", input: ["text", "image"] }],
  };
  mkdirSync(fixture.workspace, { recursive: true });
  writeFileSync(join(fixture.workspace, "cat.png"), "not really a picture");
  return fixture.agent({
    usage,
    config: {
      agents: { defaults: { model: "scripted/one", skipBootstrap: true, ...(imageModel ? { imageModel } : {}) } },
      models: { providers: { scripted: provider } },
    },
  });
}

test("an image model is asked about a file, and its call is on record", async () => {
  await using fixture = await createAgentFixture();
  const usage = createMemoryLedger();
  fixture.llm.enqueue(
    callTool("image", { image: "cat.png", prompt: "Which animal?" }),
    say("A cat."),
    say("It is a cat."),
  );
  const result = await agentWith(fixture, "scripted/eyes", usage).run("What is on cat.png?").result;
  expect(result.payloads).toEqual([{ text: "It is a cat." }]);
  const [, asked, answered] = fixture.llm.calls();
  expect(asked?.model).toBe("eyes");
  expect(JSON.stringify(asked?.body["messages"])).toMatch(/Which animal\?.*image_url/);
  expect(answered?.toolResults[0]?.text).toBe("A cat.");
  expect(usage.records.map(({ model, purpose }) => [model, purpose])).toEqual([
    ["one", "answer"],
    ["eyes", "image"],
    ["one", "answer"],
  ]);
});

test("without an image model there is no such tool", async () => {
  await using fixture = await createAgentFixture();
  await agentWith(fixture, undefined).run("hi").result;
  expect(JSON.stringify(fixture.llm.calls()[0]?.body["tools"])).not.toContain('"image"');
});

test("what is no image is refused with the kinds that are", async () => {
  await using fixture = await createAgentFixture();
  fixture.llm.enqueue(callTool("image", { image: "notes.txt" }), say("Sorry."));
  await agentWith(fixture, "scripted/eyes").run("Look.").result;
  expect(fixture.llm.calls()[1]?.toolResults[0]?.text).toMatch(/not an image of a known kind \(\.png/);
});
