import type { ToolRules } from "../settings.ts";

/** Names behind `group:*`. `group:openclaw` (every built-in tool) and `group:plugins` are known by the caller. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  "group:runtime": ["exec", "bash", "process"],
  "group:fs": ["read", "write", "edit", "apply_patch"],
  "group:sessions": ["sessions_list", "sessions_history", "sessions_send", "sessions_spawn", "session_status"],
  "group:memory": ["memory_search", "memory_get"],
  "group:web": ["web_search", "web_fetch"],
  "group:ui": ["browser", "canvas"],
  "group:automation": ["cron", "gateway"],
  "group:messaging": ["message"],
  "group:nodes": ["nodes"],
};

/** Built in whoever makes them: the gateway hands some over as a caller's tools. */
const CORE = new Set([...Object.values(GROUPS).flat(), "agents_list", "image", "tts"]);

const PROFILES: Readonly<Record<string, readonly string[] | undefined>> = {
  minimal: ["session_status"],
  coding: ["group:fs", "group:runtime", "group:sessions", "group:memory", "image"],
  messaging: ["group:messaging", "sessions_list", "sessions_history", "sessions_send", "session_status"],
  full: undefined,
};

/** One step of the policy, in the order of evaluation. */
export interface PolicyLayer {
  /** The key to change, e.g. `tools` or `agents.list[family].tools`. */
  label: string;
  rules: ToolRules;
}

export interface ToolQuestion {
  tool: string;
  /** Where the tool came from: an allow list of plugin tools alone says nothing about the built-in ones. */
  origin: "builtin" | "plugin";
  /** Model that is asked, for `byProvider`. */
  provider: string;
  model: string;
  tools: ToolRules;
  agentTools: ToolRules;
  agentId: string;
  /** Group, sender, sandbox and sub-agent rules, in this order. They can only take away. */
  further?: readonly PolicyLayer[];
  /** Names of plugin tools, for `group:plugins`. */
  pluginTools?: readonly string[];
}

export interface ToolDecision {
  allowed: boolean;
  /** Names the key that decided, for `openclaw explain` and the error the model reads. */
  reason: string;
}

/**
 * Decides whether a tool may be used: profile, profile of the provider, global rules, global rules for the provider, the
 * agent's, the agent's for the provider, then `further`. Every step must agree; `deny` wins within one.
 */
export function decideTool(asked: ToolQuestion): ToolDecision {
  const question: ToolQuestion = {
    ...asked,
    origin: CORE.has(asked.tool) ? "builtin" : asked.origin,
    pluginTools: asked.pluginTools?.filter((name) => !CORE.has(name)),
  };
  for (const layer of layers(question)) {
    const decision = decideLayer(layer, question);
    if (!decision.allowed) return decision;
  }
  return { allowed: true, reason: "no rule takes it away" };
}

function layers(question: ToolQuestion): PolicyLayer[] {
  const { tools, agentTools, agentId } = question;
  const agent = `agents.list[${agentId}].tools`;
  const profile = agentTools.profile
    ? { label: `${agent}.profile`, from: agentTools }
    : { label: "tools.profile", from: tools };
  const steps: (PolicyLayer | undefined)[] = [
    profileLayer(profile.label, profile.from.profile, [...(tools.alsoAllow ?? []), ...(agentTools.alsoAllow ?? [])]),
    ...[byProvider("tools", tools, question), byProvider(agent, agentTools, question)].map(
      (layer) => layer && profileLayer(`${layer.label}.profile`, layer.rules.profile, layer.rules.alsoAllow ?? []),
    ),
    { label: "tools", rules: tools },
    byProvider("tools", tools, question),
    { label: agent, rules: agentTools },
    byProvider(agent, agentTools, question),
    ...(question.further ?? []),
  ];
  return steps.filter((step): step is PolicyLayer => step !== undefined);
}

function profileLayer(label: string, profile: string | undefined, alsoAllow: string[]): PolicyLayer | undefined {
  const allow = profile ? PROFILES[profile] : undefined;
  // An unknown profile takes everything away: a typing mistake must not open the door.
  if (profile && !(profile in PROFILES)) return { label, rules: { deny: ["*"] } };
  return allow && { label, rules: { allow: [...allow, ...alsoAllow] } };
}

function byProvider(label: string, rules: ToolRules, { provider, model }: ToolQuestion): PolicyLayer | undefined {
  const entries = Object.entries(rules.byProvider ?? {});
  const find = (key: string) => entries.find(([name]) => name.toLowerCase() === key.toLowerCase());
  const found = find(`${provider}/${model}`) ?? find(provider);
  return found && { label: `${label}.byProvider["${found[0]}"]`, rules: found[1] };
}

function decideLayer({ label, rules }: PolicyLayer, question: ToolQuestion): ToolDecision {
  const { tool, origin } = question;
  const denied = rules.deny?.find((pattern) => matches(pattern, question));
  if (denied !== undefined) return { allowed: false, reason: `${label}.deny has "${denied}"` };
  const allow = rules.allow ?? [];
  if (allow.length === 0) return { allowed: true, reason: `${label} allows everything` };
  const plugin = (pattern: string) => pattern === "group:plugins" || question.pluginTools?.includes(pattern);
  if (origin === "builtin" && allow.every(plugin))
    return { allowed: true, reason: `${label}.allow names plugin tools only` };
  const name = tool === "apply_patch" && allow.some((pattern) => matches(pattern, { ...question, tool: "exec" }));
  if (name || allow.some((pattern) => matches(pattern, question)))
    return { allowed: true, reason: `${label}.allow has it` };
  return { allowed: false, reason: `${label} does not allow it` };
}

function matches(pattern: string, { tool, origin }: ToolQuestion): boolean {
  const wanted = pattern.trim().toLowerCase();
  if (wanted === "group:openclaw") return origin === "builtin";
  if (wanted === "group:plugins") return origin === "plugin";
  const group = GROUPS[wanted];
  if (group) return group.includes(tool);
  if (wanted === "bash") return tool === "exec";
  if (!wanted.includes("*")) return wanted === tool;
  const expression = wanted.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${expression.join(".*")}$`).test(tool);
}
