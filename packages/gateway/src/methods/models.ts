import { defaultAgentId } from "@openclaw/core/routing";
import type { GatewayContext } from "../gateway-context.ts";
import type { MethodHandler } from "../server/types.ts";

export function modelMethods(context: GatewayContext): Record<string, MethodHandler> {
  return {
    "models.list": async () => {
      const agent = await context.agents.get(defaultAgentId(context.config()));
      return { models: await agent.models() };
    },
  };
}
