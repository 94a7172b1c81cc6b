import type { PolicyLayer } from "@openclaw/agent";
import type { OpenClawConfig } from "@openclaw/core/config";
import { normalizeAgentId, parseSessionKey } from "@openclaw/core/sessions";
import type { SubagentRun } from "../store/subagent-runs.ts";
import type { TurnRequest } from "../store/turns.ts";
import type { TurnRules } from "../turns/turn-runner.ts";

/** Tools of the conversation itself and of the installation: a sub-agent has one task and no conversation. */
const DENIED = [
  "sessions_list",
  "sessions_history",
  "sessions_send",
  "sessions_spawn",
  "session_status",
  "agents_list",
  "gateway",
  "message",
  "cron",
  "memory_search",
  "memory_get",
  "whatsapp_login",
];

export const isSubagent = (sessionKey: string) => parseSessionKey(sessionKey).kind === "subagent";

/** What every turn in a sub-agent's session is run with, whoever asks for it. Nothing for other sessions. */
export function turnRules(request: TurnRequest, run: SubagentRun | undefined, config: OpenClawConfig): TurnRules {
  if (!isSubagent(request.sessionKey)) return {};
  return {
    promptMode: "minimal",
    toolPolicy: toolPolicy(request.agentId, config),
    extraSystemPrompt: taskContext(run),
  };
}

function toolPolicy(agentId: string, { tools, agents }: OpenClawConfig): PolicyLayer[] {
  const own = agents?.list?.find(({ id }) => normalizeAgentId(id) === agentId)?.tools?.subagents?.tools;
  return [
    { label: "sub-agents", rules: { deny: DENIED } },
    { label: "tools.subagents.tools", rules: tools?.subagents?.tools ?? {} },
    { label: `agents.list[${agentId}].tools.subagents.tools`, rules: own ?? {} },
  ];
}

function taskContext(run: SubagentRun | undefined): string {
  const who = run
    ? `You work as a sub-agent${run.label ? ` ("${run.label}")` : ""} for the session ${run.requesterSessionKey}.`
    : "You work as a sub-agent.";
  return `${who} The message is your one task.
- Do that and nothing beside it. Nobody reads along and nobody can answer questions: decide what is open and say what you assumed.
- Your last message is handed over as the result. Make it complete by itself: what you found or did, paths, numbers, what failed.
- You write to no person, start no sub-agents and schedule nothing.`;
}
