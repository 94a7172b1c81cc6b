import { spawnSync } from "node:child_process";
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

const hasBubblewrap = spawnSync("bwrap", ["--version"]).status === 0;

test.skipIf(!hasBubblewrap)("a sandboxed session gets the tools of tools.sandbox, and they act inside", async () => {
  const sandbox = { mode: "non-main", backend: "bubblewrap" };
  expect(await offered({ defaults: { sandbox } }, "agent:main:main")).toEqual(
    expect.arrayContaining(["exec", "read", "web_fetch"]),
  );
  const group = await offered({ defaults: { sandbox } }, "agent:main:telegram:group:1");
  expect(group.toSorted()).toEqual(["edit", "exec", "process", "read", "session_status", "write"]);
  const ro = await offered(
    { defaults: { sandbox: { ...sandbox, workspaceAccess: "ro" } } },
    "agent:main:telegram:group:1",
  );
  expect(ro.toSorted()).toEqual(["exec", "process", "read", "session_status"]);
  const own = { sandbox: { tools: { allow: ["read", "web_fetch"], deny: ["read"] } } };
  expect(await offered({ defaults: { sandbox }, tools: own }, "agent:main:telegram:group:1")).toEqual(["web_fetch"]);

  await using fixture = await createAgentFixture();
  fixture.llm.enqueue(
    callTool("exec", { command: "pwd; ls /home /root; echo inside >f" }),
    callTool("read", { path: "f" }),
    say("ok"),
  );
  const agent = fixture.agent({
    config: configOn(fixture, { defaults: { sandbox: { ...sandbox, workspaceAccess: "rw" } } }),
  });
  const result = await agent.run({ message: { text: "go" }, sessionKey: "agent:main:telegram:group:1" }).result;
  expect(result.payloads).toEqual([{ text: "ok" }]);
  const [first, second, third] = fixture.llm.calls();
  expect(JSON.stringify(first?.body)).toContain("## Sandbox");
  expect(JSON.stringify(first?.body)).toContain("/workspace is your working directory");
  expect(second?.toolResults[0]?.text).toMatch(/^\/workspace\n.*(?:cannot access|No such file)/);
  expect(third?.toolResults.at(-1)?.text).toBe("inside");
});

test.skipIf(!hasBubblewrap)(
  "a sandbox that does not confine, or cannot be had, ends the turn with the reason and runs nothing",
  async () => {
    const answer = async (sandbox: object) => {
      await using fixture = await createAgentFixture();
      const agent = fixture.agent({
        config: configOn(fixture, { defaults: { sandbox: { mode: "all", ...sandbox } } }),
      });
      const result = await agent.run("hi").result;
      return { status: result.status, calls: fixture.llm.calls().length, text: result.payloads[0]?.text ?? "" };
    };
    expect(await answer({ backend: "bubblewrap", docker: { binds: ["/:/host:ro"] } })).toMatchObject({
      status: "error",
      calls: 0,
      text: expect.stringContaining("failed its self-test") as string,
    });
    expect(await answer({ backend: "bubblewrap", docker: { network: "bridge" } })).toMatchObject({
      status: "error",
      calls: 0,
      text: expect.stringContaining("cannot be made as configured") as string,
    });
  },
);

test("apply_patch is offered to OpenAI's models, and only when it is switched on", async () => {
  const decide = async (provider: string, exec: object) => {
    await using fixture = await createAgentFixture();
    const config = configOn(fixture, { defaults: { model: `${provider}/gpt-5` }, tools: { exec } });
    const providers = (config["models"] as { providers: Record<string, object> }).providers;
    providers[provider] = { ...providers["scripted"], models: [{ id: "gpt-5" }] };
    await fixture.agent({ config }).run("hi").result;
    return fixture.llm.calls()[0]?.tools?.includes("apply_patch");
  };
  expect(await decide("openai", {})).toBe(false);
  expect(await decide("openai", { applyPatch: { enabled: true } })).toBe(true);
  expect(await decide("openai", { applyPatch: { enabled: true, allowModels: ["openai/gpt-5"] } })).toBe(true);
  expect(await decide("openai", { applyPatch: { enabled: true, allowModels: ["gpt-4"] } })).toBe(false);
  expect(await decide("scripted", { applyPatch: { enabled: true } })).toBe(false);
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
