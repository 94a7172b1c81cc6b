import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import { expect, test } from "vitest";
import { createAgentFixture } from "../../test/agent-fixture.ts";
import type { TurnInput } from "../types.ts";

interface Report {
  profile: string;
  toolsLeftOut?: string[];
  systemPrompt: { chars: number; projectContextChars: number };
  sections: { name: string; chars: number }[];
  tools: {
    listChars: number;
    schemaChars: number;
    entries: { name: string; summaryChars: number; schemaChars: number }[];
  };
}

const fresh = {
  agents: { defaults: { model: "scripted/one" } },
};

async function promptOf(
  options: {
    mode?: "full" | "minimal" | "none";
    extra?: string;
    config?: Record<string, unknown>;
    input?: Partial<TurnInput>;
    tools?: readonly Tool[];
    contextWindow?: number;
  } = {},
) {
  await using fixture = await createAgentFixture();
  const provider = {
    baseUrl: fixture.llm.baseUrl["openai-completions"],
    apiKey: "k",
    api: "openai-completions",
    models: [{ id: "one", ...(options.contextWindow ? { contextWindow: options.contextWindow } : {}) }],
  };
  const agent = fixture.agent({
    ...(options.tools ? { tools: options.tools } : {}),
    config: { ...fresh, models: { providers: { scripted: provider } }, ...options.config },
  });
  const result = await agent.run({
    message: { text: "hello" },
    promptMode: options.mode,
    extraSystemPrompt: options.extra,
    channel: "telegram",
    ...options.input,
  }).result;
  expect(result.error).toBeUndefined();
  const call = fixture.llm.calls()[0]!;
  return {
    system: call.system,
    tools: call.body["tools"] as unknown[],
    report: result.promptReport as unknown as Report,
    fixture,
  };
}

/** A tool of the gateway's, by its name alone. */
const named = (name: string): Tool => ({
  name,
  label: name,
  description: `Does ${name}. `.repeat(8),
  parameters: {
    type: "object",
    properties: {
      description: { type: "string", description: "Kept" },
      to: { type: "string", description: "x".repeat(200) },
    },
  },
  execute: () => Promise.resolve({ content: [] }),
});

/** Prints what takes how much, and gives the sum. */
function breakdown(title: string, { system, tools, report }: Awaited<ReturnType<typeof promptOf>>): number {
  const schemas = JSON.stringify(tools).length;
  const rows = [
    title,
    ...report.sections.map(({ name, chars }) => `${String(chars).padStart(6)}  ${name}`),
    ...report.tools.entries.map(
      ({ name, summaryChars, schemaChars }) => `${String(summaryChars + schemaChars).padStart(6)}  tool ${name}`,
    ),
    `${String(system.length).padStart(6)}  = system prompt`,
    `${String(schemas).padStart(6)}  = tool schemas as sent`,
    `${String(system.length + schemas).padStart(6)}  = all`,
  ];
  console.log(rows.join("\n"));
  expect(report.systemPrompt.chars).toBe(system.length);
  return system.length + schemas;
}

test("system prompt and tool schemas of an empty session stay within the budget", async () => {
  expect(breakdown("default", await promptOf())).toBeLessThanOrEqual(16_000);
});

test("a small context window gets a prompt of at most 6000 characters, tools included", async () => {
  const gateway = ["message", "cron", "gateway", "sessions_list", "sessions_send", "nodes"].map(named);
  const prompt = await promptOf({ contextWindow: 32_768, tools: gateway });
  expect(breakdown("small", prompt)).toBeLessThanOrEqual(6000);
  const names = prompt.tools.map((tool) => (tool as { function: { name: string } }).function.name);
  expect(names.slice(0, 6)).toEqual(["read", "exec", "write", "edit", "session_status", "memory_search"]);
  expect(prompt.report.toolsLeftOut?.length).toBeGreaterThan(0);
  expect(prompt.report.profile).toBe("small");
  // A property that is called description is no explanation.
  const message = prompt.tools.find((tool) => (tool as { function: { name: string } }).function.name === "message");
  expect(JSON.stringify(message)).toContain('"properties":{"description":{"type":"string"},"to":{"type":"string"}}');
  expect(prompt.system).toContain("NO_REPLY");
});

test.each([
  ["full", 32_768, "full"],
  ["small", 200_000, "small"],
  ["auto", 32_769, "full"],
])("promptProfile %s at a window of %i is %s", async (promptProfile, contextWindow, profile) => {
  const config = { agents: { defaults: { model: "scripted/one", promptProfile } } };
  expect((await promptOf({ contextWindow, config })).report.profile).toBe(profile);
});

test("sections stand in the documented order", async () => {
  const { report, system } = await promptOf({
    extra: "You are in a group.",
    tools: ["message", "gateway"].map(named),
    config: { agents: { defaults: { model: "scripted/one", models: { "scripted/one": { alias: "uno" } } } } },
    input: { owners: ["telegram:100"], reactions: "minimal", capabilities: ["inlineButtons"], reasoning: "on" },
  });
  expect(system).toMatch(/\| channel=telegram \| capabilities=inlineButtons \| thinking=off \| reasoning=on$/);
  expect(report.sections.map((section) => section.name)).toEqual([
    "identity",
    "tooling",
    "tool style",
    "safety",
    "cli",
    "skills",
    "memory",
    "self-update",
    "model aliases",
    "workspace",
    "user identity",
    "time",
    "workspace files",
    "reply tags",
    "messaging",
    "context",
    "reactions",
    "project context",
    "silent replies",
    "heartbeats",
    "runtime",
  ]);
});

test("a sub-agent's prompt has its task, AGENTS and TOOLS and nothing about chats", async () => {
  const { system } = await promptOf({ mode: "minimal", extra: "Count the files." });
  expect(system).toContain("Count the files.");
  expect(system).toContain("### AGENTS.md");
  expect(system).toContain("### TOOLS.md");
  expect(system).not.toContain("### SOUL.md");
  expect(system).not.toMatch(/NO_REPLY|HEARTBEAT_OK|reply_to|command line/);
});

test("mode none is the identity line alone", async () => {
  const { system } = await promptOf({ mode: "none" });
  expect(system).toBe("You are a personal assistant running inside OpenClaw.");
});

test("the runtime line tells agent, model, channel and thinking", async () => {
  const { system } = await promptOf();
  expect(system).toMatch(
    /agent=main \| host=.+ \| os=.+ \| node=v\d+.+ \| model=scripted\/one \| default_model=scripted\/one \| channel=telegram \| thinking=off$/,
  );
});

const mask = (text: string) => text.replaceAll(/\/\S*agent-\w+/g, "");

test("the prompt is the same for the same workspace: nothing in it moves with time", async () => {
  expect(mask((await promptOf()).system)).toBe(mask((await promptOf()).system));
});

test("the user's time zone and clock are named", async () => {
  await using fixture = await createAgentFixture();
  const provider = {
    baseUrl: fixture.llm.baseUrl["openai-completions"],
    apiKey: "k",
    api: "openai-completions",
    models: [{ id: "one" }],
  };
  const config = {
    agents: {
      defaults: { model: "scripted/one", skipBootstrap: true, userTimezone: "America/Chicago", timeFormat: "24" },
    },
    models: { providers: { scripted: provider } },
  };
  await fixture.agent({ config }).run("hi").result;
  expect(fixture.llm.calls()[0]?.system).toContain(
    "America/Chicago. For the current date or time call session_status. Write times in 24-hour format.",
  );
});

test("long workspace files are cut with a marker, empty ones left out, missing ones named", async () => {
  await using fixture = await createAgentFixture();
  mkdirSync(fixture.workspace, { recursive: true });
  writeFileSync(join(fixture.workspace, "AGENTS.md"), `first line\n${"middle ".repeat(200)}\nlast line`);
  writeFileSync(join(fixture.workspace, "SOUL.md"), "  \n");
  writeFileSync(join(fixture.workspace, "MEMORY.md"), "Ada likes tea.");
  const provider = {
    baseUrl: fixture.llm.baseUrl["openai-completions"],
    apiKey: "k",
    api: "openai-completions",
    models: [{ id: "one" }],
  };
  const config = {
    agents: { defaults: { model: "scripted/one", skipBootstrap: true, bootstrapMaxChars: 500 } },
    models: { providers: { scripted: provider } },
  };
  const agent = fixture.agent({ config });
  await agent.run("hi").result;
  const system = fixture.llm.calls()[0]?.system ?? "";
  expect(system).toContain("first line");
  expect(system).toContain("last line");
  expect(system).toMatch(/AGENTS\.md is cut here: 14\d\d characters, limit 500/);
  expect(system).not.toContain("### SOUL.md");
  expect(system).toContain(`[MISSING] Expected at: ${join(fixture.workspace, "USER.md")}`);
  expect(system.indexOf("### MEMORY.md")).toBeGreaterThan(system.indexOf("### HEARTBEAT.md"));
  expect(system.indexOf("### HEARTBEAT.md")).toBeGreaterThan(system.indexOf("### USER.md"));
  rmSync(join(fixture.workspace, "MEMORY.md"));
  await agent.run("again").result;
  expect(fixture.llm.calls()[1]?.system).not.toContain("MEMORY.md");
});
