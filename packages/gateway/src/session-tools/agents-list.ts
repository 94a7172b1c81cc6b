import type { Tool } from "@openclaw/plugin-sdk/tool";
import { spawnTargets } from "../subagents/spawn-rules.ts";
import type { SessionLookup } from "./find-session.ts";
import { jsonResult } from "./json-result.ts";

export function createAgentsListTool({ config, sessions }: SessionLookup): Tool {
  return {
    name: "agents_list",
    label: "Agents",
    description: "List the agents that sessions_spawn may use.",
    parameters: { type: "object", properties: {} },
    replay: "safe",
    execute(_params, { sessionKey }) {
      const requester = sessions.agentOf(sessionKey);
      const { any, agents } = spawnTargets(config(), requester);
      return Promise.resolve(jsonResult({ requester, allowAny: any, agents }));
    },
  };
}
