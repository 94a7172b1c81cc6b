import { OpenClawError } from "@openclaw/core";
import { defaultAgentId } from "@openclaw/core/routing";
import { inspectModels, type ModelReport } from "@openclaw/gateway/installation";
import type { CommandContext } from "../../command-line/command.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { assertValidConfig } from "../../installation/assert-valid.ts";
import { type Installation, loadInstallation } from "../../installation/installation.ts";

/** Looks for models here, as the gateway would with this machine's environment. */
export async function inspectHere(context: CommandContext, installation?: Installation): Promise<ModelReport> {
  const { loaded, paths } = installation ?? (await loadInstallation(context));
  assertValidConfig(loaded);
  return inspectModels({
    agentId: defaultAgentId(loaded.config),
    config: loaded.config,
    stateDir: paths.stateDir,
    env: loaded.env,
  });
}

/** What the running gateway says, or undefined when none runs. */
export async function askGateway<T>(
  options: GatewayOptions,
  context: CommandContext,
  ask: Parameters<typeof withGateway<T>>[2],
): Promise<T | undefined> {
  try {
    return await withGateway(options, context, ask);
  } catch (error) {
    if (OpenClawError.is(error) && error.code === "GATEWAY_UNREACHABLE") return undefined;
    throw error;
  }
}
