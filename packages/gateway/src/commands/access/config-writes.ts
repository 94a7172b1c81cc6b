import type { GatewayContext } from "../../gateway-context.ts";
import type { CommandInput } from "../command.ts";

/** Why this chat may not change the configuration; undefined when it may. */
export function refuseConfigWrite(
  { channel, account }: Pick<CommandInput, "channel" | "account">,
  { channels }: Pick<GatewayContext, "channels">,
): string | undefined {
  const rules = channels.find(channel, account)?.account.config as { configWrites?: boolean } | undefined;
  return rules?.configWrites === false
    ? `Changes of the configuration from here are switched off (channels.${channel}.configWrites).`
    : undefined;
}

/** Said of every change of the file: hot reload, where it is on, makes it at once. */
export const APPLIES = "It counts as soon as the gateway has read the file again.";
