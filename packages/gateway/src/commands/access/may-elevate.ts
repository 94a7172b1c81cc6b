import { isListed, readAllowlist } from "@openclaw/core/access";
import type { GatewayContext } from "../../gateway-context.ts";
import type { CommandInput } from "../command.ts";

/** Why a person may not have commands run on the host; undefined when they may. Agents can only restrict. */
export function mayElevate(
  { channel, account, senderId, senderIds = [senderId], owner, sessionKey }: CommandInput,
  context: GatewayContext,
): string | undefined {
  const config = context.config();
  const agentId = context.sessions.agentOf(sessionKey);
  const own = config.agents?.list?.find(({ id }) => id.toLowerCase() === agentId)?.tools?.elevated;
  const normalize = context.channels.find(channel, account)?.definition.normalizeId ?? ((id: string) => id);
  if (config.tools?.elevated?.enabled === false || own?.enabled === false)
    return "Elevated commands are switched off (tools.elevated.enabled).";
  // The administrator's own client is not a sender that a list could name.
  if (channel === "webchat" && owner) return undefined;
  const lists = [
    config.tools?.elevated?.allowFrom?.[channel] ?? [],
    ...(own?.allowFrom ? [own.allowFrom[channel] ?? []] : []),
  ];
  const allowed = lists.every((value) => {
    const list = readAllowlist(value, normalize);
    return list.wildcard || isListed(list, senderIds, normalize);
  });
  return allowed
    ? undefined
    : `Elevated commands are not open to you here. An owner can add ${senderId} to tools.elevated.allowFrom.${channel}.`;
}
