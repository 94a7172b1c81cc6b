import { OpenClawError } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import type { ChannelManager } from "../channels/manager.ts";
import type { RunningAccount } from "../channels/running-account.ts";
import type { ReplyRoute } from "../store/turns.ts";

/** A chat, as the ledger names it. */
export type Place = Pick<ReplyRoute, "channel" | "account" | "target">;

/** Where the model wants something to happen; what it leaves out is that of the chat the turn came from. */
export interface WantedPlace {
  channel?: string;
  accountId?: string;
  to?: string;
}

export interface ChosenPlace {
  place: Place;
  running: RunningAccount;
}

/**
 * The chat that is meant, when the agent may act there: the one its question came from, or another one where
 * `tools.message.crossContext` says so. Throws `MESSAGE_TARGET` or `MESSAGE_ELSEWHERE` with what to do.
 */
export function choosePlace(
  wanted: WantedPlace,
  from: Place | undefined,
  { channels, config }: { channels: ChannelManager; config: OpenClawConfig },
): ChosenPlace {
  const channel = wanted.channel?.trim().toLowerCase() || from?.channel;
  if (!channel) {
    throw new OpenClawError({
      code: "MESSAGE_TARGET",
      message: "This turn came from no chat, so there is none to act in.",
      hint: "Name channel and to, or say it in your answer.",
    });
  }
  const isHome = channel === from?.channel;
  const account = wanted.accountId || (isHome ? from.account : undefined);
  const running = channels.find(channel, account);
  if (!running) {
    const what = account
      ? `There is no account ${account} of channel ${channel}.`
      : `Channel ${channel} is not configured.`;
    throw new OpenClawError({
      code: "MESSAGE_TARGET",
      message: what,
      hint: "Leave channel and accountId out to act in the current chat.",
    });
  }
  const to = wanted.to?.trim() || (isHome && running.account.id === from.account ? from.target : undefined);
  if (!to)
    throw new OpenClawError({
      code: "MESSAGE_TARGET",
      message: `No chat on ${channel} is named.`,
      hint: "Give it as to.",
    });
  const { decode, encode } = running.definition.target;
  const place = { channel, account: running.account.id, target: encode(decode(to)) };
  const refusal = refuseElsewhere(place, from, config);
  if (refusal) throw refusal;
  return { place, running };
}

/** What a person asked in one chat must not come out in another, unless the owner of the installation opened that way. */
function refuseElsewhere(to: Place, from: Place | undefined, config: OpenClawConfig): OpenClawError | undefined {
  if (from && isSamePlace(to, from)) return undefined;
  const { allowWithinProvider, allowAcrossProviders } = config.tools?.message?.crossContext ?? {};
  const within = from?.channel === to.channel;
  if (within ? allowWithinProvider === true : allowAcrossProviders === true) return undefined;
  const here = from ? `${from.channel} ${from.target}` : "no chat of a channel";
  return new OpenClawError({
    code: "MESSAGE_ELSEWHERE",
    message: `Nothing was sent: this turn came from ${here}, and sending to ${within ? "another chat" : "another channel"} (${to.channel} ${to.target}) is not allowed.`,
    hint: `The owner can allow it with tools.message.crossContext.${within ? "allowWithinProvider" : "allowAcrossProviders"}: true. Do not try other ways; tell the user.`,
  });
}

export const isSamePlace = (one: Place, other: Place) =>
  one.channel === other.channel && one.account === other.account && one.target === other.target;
