import type { OpenClawConfig } from "@openclaw/core/config";
import type { ToolRules } from "../settings.ts";
import type { ExecSettings } from "./exec/exec-settings.ts";
import type { ToolPlace } from "./tool-places.ts";
import type { PolicyLayer, ToolDecision } from "./tool-policy.ts";

/** What a sandboxed session may use unless the configuration says otherwise. */
const SANDBOX_ALLOW = [
  "exec",
  "process",
  "read",
  "write",
  "edit",
  "apply_patch",
  "image",
  "sessions_list",
  "sessions_history",
  "sessions_send",
  "sessions_spawn",
  "session_status",
];
const SANDBOX_DENY = ["browser", "canvas", "nodes", "cron", "gateway"];

export interface SessionRulesInput {
  config: OpenClawConfig;
  agentId: string;
  place: ToolPlace;
  exec: ExecSettings;
  /** Rules of group and sender, then of a sub-agent. */
  further: readonly PolicyLayer[];
}

/** The layers after those of configuration and agent, in order: group and sender, sandbox, sub-agent. */
export function sessionRules({ config, agentId, place, exec, further }: SessionRulesInput): PolicyLayer[] {
  const firstOfSubagent = further.findIndex(({ label }) => label.includes("subagent"));
  const split = firstOfSubagent === -1 ? further.length : firstOfSubagent;
  return [
    ...further.slice(0, split),
    ...sandboxLayers({ config, agentId, place }),
    ...further.slice(split),
    ...(exec.host === "node" ? [{ label: 'tools.exec.host "node" without a node', rules: { deny: ["exec"] } }] : []),
  ];
}

function sandboxLayers({
  config,
  agentId,
  place,
}: Pick<SessionRulesInput, "config" | "agentId" | "place">): PolicyLayer[] {
  if (!place.sandbox) return [];
  const own = config.agents?.list?.find((item) => item.id.toLowerCase() === agentId)?.tools?.sandbox?.tools;
  const shared = config.tools?.sandbox?.tools;
  const channels = Object.keys(config.channels ?? {}).filter((name) => name !== "defaults");
  const rules: ToolRules = {
    allow: own?.allow ?? shared?.allow ?? SANDBOX_ALLOW,
    deny: own?.deny ?? shared?.deny ?? [...SANDBOX_DENY, ...channels],
  };
  const label = own ? `agents.list[${agentId}].tools.sandbox.tools` : "tools.sandbox.tools";
  return [
    { label, rules },
    ...(place.sandbox.workspaceAccess === "ro"
      ? [{ label: 'sandbox.workspaceAccess "ro"', rules: { deny: ["write", "edit", "apply_patch"] } }]
      : []),
  ];
}

/** Providers whose models were trained on patches of this form. */
const OPENAI_FAMILY = /^(?:openai|openai-codex|azure-openai\S*|github-copilot|opencode)$/i;

/** `apply_patch` is offered to the models it was made for, and only when it is switched on. */
export function applyPatchRule({ applyPatch }: ExecSettings, provider: string, model: string): ToolDecision {
  const { enabled, allowModels } = applyPatch;
  if (!enabled) return { allowed: false, reason: "tools.exec.applyPatch.enabled is off" };
  const family = OPENAI_FAMILY.test(provider) || (provider === "openrouter" && model.startsWith("openai/"));
  if (!family) return { allowed: false, reason: `tools.exec.applyPatch is for OpenAI models, not ${provider}` };
  const names = [model, `${provider}/${model}`].map((name) => name.toLowerCase());
  const listed = allowModels.length === 0 || allowModels.some((name) => names.includes(name.trim().toLowerCase()));
  return listed
    ? { allowed: true, reason: "" }
    : { allowed: false, reason: `tools.exec.applyPatch.allowModels does not have ${model}` };
}
