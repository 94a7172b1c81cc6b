import type { Inbound } from "@openclaw/core";
import { type PairingStore, createPairingStore } from "@openclaw/core/access";
import type { ChannelConfigBase } from "@openclaw/core/config";
import type { Paths } from "@openclaw/core/paths";
import { hasCommandMenu } from "../channels/command-menu.ts";
import type { RunningAccount } from "../channels/running-account.ts";
import type { GatewayContext } from "../gateway-context.ts";
import type { InboxRow } from "../store/inbox.ts";
import { type Judgement, judgeMessage } from "./judge-message.ts";

export interface Gate {
  /** Undefined when the channel is not configured any more. */
  judge(row: InboxRow): Promise<Judgement | undefined>;
  /** What a stranger is told; undefined when there is nothing to say. */
  askForPairing(row: InboxRow): { text: string } | { text: undefined; reason: string };
}

/** Judges messages with the configuration and the accounts in force, and keeps the pairing requests of strangers. */
export function createGate(context: GatewayContext, paths: Paths): Gate {
  const stores = new Map<string, PairingStore>();

  function pairing({ channel, definition: { normalizeId: normalize } }: RunningAccount): PairingStore {
    let store = stores.get(channel);
    if (!store) {
      const onProblem = (sentence: string) => context.log.warn(sentence);
      store = createPairingStore({ dir: paths.credentialsDir, channel, clock: context.clock, normalize, onProblem });
      stores.set(channel, store);
    }
    return store;
  }

  const labelOf = (channel: string) => context.channels.catalog.find(({ id }) => id === channel)?.label ?? channel;

  return {
    async judge({ channel, account, message }) {
      const running = context.channels.find(channel, account);
      if (!running) return undefined;
      const config = context.config();
      return judgeMessage(message, {
        config,
        channel,
        channelLabel: labelOf(channel),
        accountId: account,
        rules: running.account.config as ChannelConfigBase,
        definition: running.definition,
        self: running.connection?.health().identity,
        hasMenu: hasCommandMenu(running, config),
        paired: pairing(running).allowFrom(),
        entry: context.sessions.entry,
        isBusy: context.engine.isBusy,
        identity: context.sessions.identity,
      });
    },
    askForPairing({ channel, account, message }) {
      const running = context.channels.find(channel, account);
      return running
        ? ask(pairing(running), running, message, labelOf(channel))
        : { text: undefined, reason: "channel-gone" };
    },
  };
}

/** The first message of a stranger is answered once; others wait in silence, so that nobody can flood a chat. */
function ask(
  store: PairingStore,
  { channel, account }: RunningAccount,
  { sender }: Inbound,
  label: string,
): ReturnType<Gate["askForPairing"]> {
  const { name, username } = sender;
  const asked = store.request({ id: sender.id, meta: { name, username, accountId: account.id } });
  if (!("code" in asked)) return { text: undefined, reason: "pairing-full" };
  if (asked.status === "pending") return { text: undefined, reason: "pairing-pending" };
  const text = [
    "Hello! I do not know you yet.",
    `Your ${label} id: ${sender.id}`,
    `Pairing code: ${asked.code}`,
    "My owner can let you in with:",
    `openclaw pairing approve ${channel} ${asked.code}`,
  ].join("\n");
  return { text };
}
