import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { GatewayContext } from "../gateway-context.ts";
import type { MethodHandler } from "../server/types.ts";
import type { TurnRequest } from "../store/turns.ts";
import type { TurnRules } from "../turns/turn-runner.ts";
import { createGatewayTool } from "./gateway-tool.ts";
import { type MessageToolOptions, createMessageTool } from "./message-tool.ts";
import { type ToolSends, createToolSends } from "./tool-sends.ts";

/** The tools that the gateway lends to every agent's turns. */
export interface AgentTools {
  /** For an agent that is made now. */
  tools(): readonly Tool[];
  /** What applies to a turn beside the rules of its session: some tools are for owners. */
  rules(request: TurnRequest, others: TurnRules): TurnRules;
  sends: ToolSends;
}

export interface AgentToolsOptions {
  context: GatewayContext;
  configMethods: ReadonlyMap<string, MethodHandler>;
  callId: MessageToolOptions["callId"];
}

const OWNERS_ONLY = { label: "tools for owners only", rules: { deny: ["gateway"] } };

export function createAgentTools({ context, configMethods, callId }: AgentToolsOptions): AgentTools {
  const sends = createToolSends(context.store.outbox);
  const message = createMessageTool({ ...context, sends, callId }) as unknown as Tool;
  const gateway = createGatewayTool({ ...context, configMethods }) as unknown as Tool;
  return {
    sends,
    tools: () => [...(hasChannels(context) ? [message] : []), gateway],
    rules: (request, others) =>
      request.sender?.owner ? others : { ...others, toolPolicy: [OWNERS_ONLY, ...(others.toolPolicy ?? [])] },
  };
}

/** Without a channel there is nobody to write to, and every turn would pay for the tool's description. */
const hasChannels = ({ config }: GatewayContext) =>
  Object.keys(config().channels ?? {}).some((name) => name !== "defaults");
