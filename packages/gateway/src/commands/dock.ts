import { readAllowlist } from "@openclaw/core/access";
import type { ChannelConfigBase } from "@openclaw/core/config";
import type { RunningAccount } from "../channels/running-account.ts";
import type { GatewayContext } from "../gateway-context.ts";
import type { Command, CommandInput } from "./command.ts";

/** `/dock_<channel>`: what I send of my own accord goes to this person there from now on. Answers stay where the question was. */
export function createDock(id: string, label: string): Command {
  return {
    name: `dock_${id}`,
    aliases: [`dock-${id}`],
    description: `Send what comes of my own accord to ${label}.`,
    section: "This chat",
    enabled: ({ channels }) => (channels as Record<string, unknown> | undefined)?.[id] !== undefined,
    switch: `channels.${id}`,
    run(_args, input, context) {
      const running = context.channels.find(id);
      if (!running) return { reply: `${label} is not running.` };
      const to = personOn(running, input, context);
      if (to === undefined)
        return {
          reply: `I do not know you on ${label}. Name both of your ids in session.identityLinks, e.g. ["${input.channel}:${input.senderId}", "${id}:<your id there>"].`,
        };
      const route = { channel: id, to, accountId: running.account.id };
      context.sessions.patch(input.sessionKey, {
        lastChannel: id,
        lastTo: to,
        lastAccountId: route.accountId,
        deliveryContext: route,
      });
      return {
        reply: `What I send of my own accord goes to ${label} (${to}) from now on. Answers still come where you ask.`,
      };
    },
  };
}

/** The same person there: by `session.identityLinks`, or for the dashboard's owner the only one the channel lets in. */
function personOn(
  { channel, account, definition }: RunningAccount,
  input: CommandInput,
  { config }: GatewayContext,
): string | undefined {
  if (input.channel === channel) return input.target;
  const links = Object.values(config().session?.identityLinks ?? {});
  const linked = links
    .find((ids) => ids.includes(`${input.channel}:${input.senderId}`))
    ?.find((one) => one.startsWith(`${channel}:`));
  if (linked) return linked.slice(channel.length + 1);
  if (input.channel !== "webchat" || !input.owner) return undefined;
  const { ids } = readAllowlist((account.config as ChannelConfigBase).allowFrom, definition.normalizeId);
  return ids.size === 1 ? [...ids][0] : undefined;
}
