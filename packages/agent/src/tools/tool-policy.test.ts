import { expect, test } from "vitest";
import type { ToolRules } from "../settings.ts";
import { decideTool, type PolicyLayer } from "./tool-policy.ts";

interface Case {
  tools?: ToolRules;
  agentTools?: ToolRules;
  further?: PolicyLayer[];
  origin?: "builtin" | "plugin";
  pluginTools?: string[];
}

const decide = (tool: string, { tools = {}, agentTools = {}, origin = "builtin", ...rest }: Case) =>
  decideTool({ tool, origin, provider: "openai", model: "gpt-5.2", tools, agentTools, agentId: "family", ...rest });
const allowed = (tool: string, rules: Case) => decide(tool, rules).allowed;

test("without rules everything is allowed; deny wins; an empty allow list is none", () => {
  expect(allowed("exec", {})).toBe(true);
  expect(allowed("exec", { tools: { allow: ["exec"], deny: ["EXEC"] } })).toBe(false);
  expect(allowed("exec", { tools: { allow: [] } })).toBe(true);
  expect(allowed("exec", { tools: { deny: ["*"] } })).toBe(false);
});

test("groups and wildcards", () => {
  expect(allowed("write", { tools: { allow: ["group:fs"] } })).toBe(true);
  expect(allowed("exec", { tools: { allow: ["group:fs"] } })).toBe(false);
  expect(allowed("memory_get", { tools: { deny: ["memory_*"] } })).toBe(false);
  expect(allowed("read", { tools: { allow: ["r*d"] } })).toBe(true);
  expect(allowed("exec", { tools: { deny: ["bash"] } })).toBe(false);
  expect(allowed("apply_patch", { tools: { allow: ["exec"] } })).toBe(true);
  expect(allowed("lights", { origin: "plugin", tools: { allow: ["group:openclaw"] } })).toBe(false);
});

test("profiles: base, extended, replaced by the agent's, and a mistyped one opens nothing", () => {
  expect(allowed("exec", { tools: { profile: "minimal" } })).toBe(false);
  expect(allowed("session_status", { tools: { profile: "minimal" } })).toBe(true);
  expect(allowed("web_fetch", { tools: { profile: "coding", alsoAllow: ["web_fetch"] } })).toBe(true);
  expect(allowed("exec", { tools: { profile: "minimal" }, agentTools: { profile: "coding" } })).toBe(true);
  expect(allowed("read", { tools: { profile: "codnig" } })).toBe(false);
  expect(allowed("read", { tools: { profile: "full" } })).toBe(true);
});

test("rules for a provider, or for one of its models, only take away", () => {
  expect(allowed("exec", { tools: { byProvider: { openai: { profile: "minimal" } } } })).toBe(false);
  expect(allowed("exec", { tools: { byProvider: { "openai/gpt-5.2": { deny: ["exec"] }, openai: {} } } })).toBe(false);
  expect(allowed("exec", { tools: { byProvider: { anthropic: { deny: ["exec"] } } } })).toBe(true);
  expect(allowed("exec", { tools: { deny: ["exec"], byProvider: { openai: { allow: ["exec"] } } } })).toBe(false);
});

test("every later layer may restrict and none may widen, and the reason names the key", () => {
  const further = [{ label: "channels.telegram.groups[1].tools", rules: { deny: ["exec"] } }];
  expect(decide("exec", { further })).toEqual({
    allowed: false,
    reason: 'channels.telegram.groups[1].tools.deny has "exec"',
  });
  expect(decide("exec", { agentTools: { allow: ["read"] } }).reason).toBe(
    "agents.list[family].tools does not allow it",
  );
  expect(allowed("exec", { tools: { allow: ["read"] }, agentTools: { allow: ["exec"] } })).toBe(false);
});

test("an allow list that only names plugin tools says nothing about the built-in ones", () => {
  const tools = { allow: ["lights", "group:plugins"] };
  expect(allowed("read", { tools, pluginTools: ["lights"] })).toBe(true);
  expect(allowed("lights", { tools, origin: "plugin", pluginTools: ["lights"] })).toBe(true);
  expect(allowed("read", { tools: { allow: ["lights", "exec"] }, pluginTools: ["lights"] })).toBe(false);
});

test("tools that the gateway makes are built in", () => {
  const pluginTools = ["sessions_list", "agents_list"];
  expect(allowed("exec", { tools: { allow: ["sessions_list"] }, pluginTools })).toBe(false);
  expect(allowed("sessions_list", { origin: "plugin", tools: { allow: ["group:openclaw"] }, pluginTools })).toBe(true);
  expect(allowed("agents_list", { origin: "plugin", tools: { deny: ["group:plugins"] }, pluginTools })).toBe(true);
});
