import type { GatewayContext } from "../gateway-context.ts";
import type { MethodHandler } from "../server/types.ts";
import { agentMethods } from "./agent.ts";
import { channelMethods } from "./channels.ts";
import { chatMethods } from "./chat.ts";
import { healthMethods } from "./health.ts";
import { logMethods } from "./logs.ts";
import { modelMethods } from "./models.ts";
import { sendMethods } from "./send.ts";
import { sessionMethods } from "./sessions.ts";
import { usageMethods } from "../usage/usage-methods.ts";

export interface OtherMethods {
  config: Iterable<readonly [string, MethodHandler]>;
  devices: Iterable<readonly [string, MethodHandler]>;
  execApprovals: Iterable<readonly [string, MethodHandler]>;
  presence: Iterable<readonly [string, MethodHandler]>;
  skills: Iterable<readonly [string, MethodHandler]>;
}

/** Every method this gateway answers. Who may call it stands in the protocol's method table, nowhere else. */
export function gatewayMethods(context: GatewayContext, others: OtherMethods): Map<string, MethodHandler> {
  const families = [
    agentMethods,
    channelMethods,
    chatMethods,
    healthMethods,
    logMethods,
    modelMethods,
    sendMethods,
    sessionMethods,
    usageMethods,
  ];
  return new Map([
    ...families.flatMap((family) => Object.entries(family(context))),
    ...others.config,
    ...others.devices,
    ...others.execApprovals,
    ...others.presence,
    ...others.skills,
  ]);
}
