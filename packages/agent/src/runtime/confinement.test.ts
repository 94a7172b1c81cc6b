import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import { callTool, fail, say } from "@openclaw/testkit/llm";
import { expect, test } from "vitest";
import { createAgentFixture, type AgentFixture } from "../../test/agent-fixture.ts";

function configOn(fixture: AgentFixture, rest: { defaults?: object; tools?: object } = {}): Record<string, unknown> {
  const provider = (models: unknown[]) => ({
    baseUrl: fixture.llm.baseUrl["openai-completions"],
    apiKey: "k",
    api: "openai-completions",
    models,
  });
  return {
    agents: {
      defaults: { model: { primary: "scripted/one", fallbacks: ["other/two"] }, skipBootstrap: true, ...rest.defaults },
    },
    models: {
      providers: {
        scripted: provider([{ id: "one" }]),
        other: provider([{ id: "two" }, { id: "eyes", input: ["text", "image"] }]),
      },
    },
    ...(rest.tools ? { tools: rest.tools } : {}),
  };
}

async function offered(rest: { defaults?: object; tools?: object }, sessionKey?: string): Promise<string[]> {
  await using fixture = await createAgentFixture();
  await fixture.agent({ config: configOn(fixture, rest) }).run({ message: { text: "hi" }, sessionKey }).result;
  return fixture.llm.calls()[0]?.tools ?? [];
}

test("a sandbox that is configured but absent takes the host's tools away instead of pretending", async () => {
  expect(await offered({})).toEqual(expect.arrayContaining(["exec", "read", "write"]));
  expect(await offered({ defaults: { sandbox: { mode: "all" } } })).not.toEqual(expect.arrayContaining(["exec"]));
  const nonMain = { defaults: { sandbox: { mode: "non-main" } } };
  expect(await offered(nonMain, "agent:main:main")).toContain("exec");
  const group = await offered(nonMain, "agent:main:telegram:group:1");
  expect(group.filter((name) => /^(exec|process|read|write|edit)$/.test(name))).toEqual([]);
  expect(group).toContain("session_status");
});

test("commands that would need an approval are not run without one", async () => {
  for (const exec of [{ security: "deny" }, { security: "allowlist" }, { ask: "always" }, { host: "node" }]) {
    expect(await offered({ tools: { exec } })).not.toContain("exec");
  }
  expect(await offered({ tools: { exec: { security: "full", ask: "off", host: "gateway" } } })).toContain("exec");
});

test("rules for a provider hold when that provider steps in as a fallback", async () => {
  await using fixture = await createAgentFixture();
  const ran: string[] = [];
  const look: Tool = {
    name: "look",
    label: "look",
    description: "look",
    parameters: { type: "object", properties: {} },
    execute: () => {
      ran.push("look");
      return Promise.resolve({ content: [{ type: "text", text: "seen" }] });
    },
  };
  fixture.llm.enqueue(fail(401), callTool("look"), say("ok"));
  const config = configOn(fixture, { tools: { byProvider: { other: { deny: ["look"] } } } });
  const result = await fixture.agent({ config, tools: [look] }).run("go").result;
  expect(result).toMatchObject({ status: "ok", provider: "other" });
  expect(ran).toEqual([]);
  expect(fixture.llm.calls()[2]?.toolResults[0]?.text).toContain('tools.byProvider["other"].deny has "look"');
});

test("a message with images goes to the image model when the configured one is blind", async () => {
  await using fixture = await createAgentFixture();
  const config = configOn(fixture, { defaults: { imageModel: "other/eyes" } });
  const agent = fixture.agent({ config });
  const images = [{ data: "aGk=", mimeType: "image/png" }];
  expect((await agent.run({ message: { text: "what is this", images } }).result).model).toBe("eyes");
  expect((await agent.run({ message: { text: "hi" }, sessionKey: "agent:main:two" }).result).model).toBe("one");
  expect(JSON.stringify(fixture.llm.calls()[0]?.body)).toContain("data:image/png;base64,aGk=");
});

test("a workspace that vanished is made again", async () => {
  await using fixture = await createAgentFixture();
  const agent = fixture.agent({ config: configOn(fixture) });
  await agent.run("hi").result;
  rmSync(fixture.workspace, { recursive: true });
  fixture.llm.enqueue(callTool("exec", { command: "echo x > y" }), say("ok"));
  expect((await agent.run("go").result).payloads).toEqual([{ text: "ok" }]);
  expect(readFileSync(join(fixture.workspace, "y"), "utf8")).toBe("x\n");
});
