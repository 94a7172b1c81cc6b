import type { Inbound } from "@openclaw/core";
import {
  type PairingStore,
  type ReasonCode,
  compileMentionPatterns,
  createPairingStore,
  decideCommand,
  decideDirect,
  decideGroup,
  decideMention,
  mentionRequired,
  resolveGroup,
} from "@openclaw/core/access";
import type { ChannelConfigBase } from "@openclaw/core/config";
import type { Paths } from "@openclaw/core/paths";
import { resolveRoute } from "@openclaw/core/routing";
import type { RunningAccount } from "../channels/running-account.ts";
import { hasCommandMenu } from "../channels/command-menu.ts";
import { isDirective } from "../commands/command.ts";
import type { OwnNames } from "../commands/parsing/leading-command.ts";
import { readMessage } from "../commands/parsing/read-message.ts";
import { commandIndex } from "../commands/registry.ts";
import { isBareStopWord } from "../commands/stop-words.ts";
import type { GatewayContext } from "../gateway-context.ts";
import type { InboxRow } from "../store/inbox.ts";

/** What a message's sender may do with commands, and how commands are told apart from text here. */
export interface CommandRights {
  /** The message as commands are read from it. */
  text: string;
  authorized: boolean;
  owner: boolean;
  senderIds: readonly string[];
  own: OwnNames;
  typed: boolean;
}

/** What becomes of a message, and why. */
export type Verdict =
  | { action: "drop"; reason: ReasonCode | "edit" | "own-message" | "reaction" | "channel-gone" | "pairing-full" | "pairing-pending" }
  /** Not for us, but context for what will be. */
  | { action: "remember"; reason: ReasonCode; sessionKey: string; historyLimit: number }
  /** A stranger: answered with a pairing code. */
  | { action: "pair"; reason: ReasonCode; text: string }
  /** Something the session should hear of at its next turn. */
  | { action: "note"; reason: "reaction"; sessionKey: string; text: string }
  | {
      action: "answer";
      reason: ReasonCode;
      sessionKey: string;
      agentId: string;
      channelLabel: string;
      commands: CommandRights;
      mentioned: boolean;
      mentionRequired: boolean;
      identityEmoji?: string;
      replyToMode: "off" | "first" | "all";
      mediaMaxBytes: number;
      extraSystemPrompt?: string;
    };

export interface Gate {
  judge(row: InboxRow): Promise<Verdict>;
  /** Pairing requests and approvals of a channel. */
  pairing(channel: string, normalize?: (id: string) => string): PairingStore;
}

const DEFAULT_MEDIA_MB = 5;
const DEFAULT_HISTORY = 50;

/** Decides on messages with core's pure functions and the configuration in force. */
export function createGate(context: GatewayContext, paths: Paths): Gate {
  const stores = new Map<string, PairingStore>();

  function pairing(channel: string, normalize?: (id: string) => string): PairingStore {
    let store = stores.get(channel);
    if (!store) {
      const onProblem = (sentence: string) => context.log.warn(sentence);
      store = createPairingStore({ dir: paths.credentialsDir, channel, clock: context.clock, normalize, onProblem });
      stores.set(channel, store);
    }
    return store;
  }

  const labelOf = (channel: string) => context.channels.catalog.find(({ id }) => id === channel)?.label ?? channel;

  async function judge({ channel, account, message }: InboxRow): Promise<Verdict> {
    const running = context.channels.find(channel, account);
    if (!running) return { action: "drop", reason: "channel-gone" };
    if (message.kind === "edit") return { action: "drop", reason: "edit" };
    const config = context.config();
    const rules = running.account.config as ChannelConfigBase;
    const normalize = running.definition.normalizeId;
    const store = pairing(channel, normalize);
    const senderIds = [message.sender.id, ...(message.sender.username ? [`@${message.sender.username}`] : [])];
    const isDirect = message.chat.kind === "direct";
    const group = resolveGroup(rules.groups as never, { chatIds: [message.chat.id], topicId: message.chat.threadId, normalize });

    const access = isDirect
      ? decideDirect({ policy: rules.dmPolicy, allowFrom: rules.allowFrom, paired: store.allowFrom(), senderIds, normalize })
      : decideGroup({
          policy: rules.groupPolicy ?? config.channels?.defaults?.groupPolicy,
          group,
          listedBy: "sender",
          groupAllowFrom: rules.groupAllowFrom,
          allowFrom: rules.allowFrom,
          chatId: message.chat.id,
          senderIds,
          normalize,
        });
    if (access.action === "deny") return { action: "drop", reason: access.reason };
    if (access.action === "pair") return message.kind === "reaction" ? { action: "drop", reason: access.reason } : askForPairing(store, running, message, labelOf(channel));

    const route = resolveRoute(config, {
      channel,
      accountId: account,
      chat: message.chat,
      normalize,
      threadKind: isDirect ? "thread" : running.definition.capabilities.threadKind,
    });
    const { agentId, sessionKey } = route;
    if (message.kind === "reaction") return reaction(message, sessionKey, rules);

    const command = decideCommand({
      channel,
      senderIds,
      normalize,
      useAccessGroups: config.commands?.useAccessGroups,
      ownerAllowFrom: config.commands?.ownerAllowFrom,
      lists: isDirect ? [rules.allowFrom, store.allowFrom()] : [group.rule.allowFrom, rules.groupAllowFrom, rules.allowFrom, store.allowFrom()],
    });
    const agent = config.agents?.list?.find(({ id }) => id.toLowerCase() === agentId);
    const identity = { ...(await context.sessions.identity(agentId)), ...agent?.identity };
    const required = !isDirect && mentionRequired(group.rule, context.sessions.entry(sessionKey)?.groupActivation);
    const { patterns } = compileMentionPatterns({
      agent: agent?.groupChat?.mentionPatterns,
      messages: config.messages?.groupChat?.mentionPatterns,
      identity,
    });
    const commands: CommandRights = {
      text: (message.command ?? message.text).trim(),
      // What somebody else wrote is content, whoever passes it on.
      authorized: command.authorized && message.forwardedFrom === undefined,
      owner: command.owner,
      senderIds,
      own: { patterns, handle: running.connection?.health().identity },
      typed: message.command === undefined || !hasCommandMenu(running, config),
    };
    const reading = readMessage(commands.text, { index: commandIndex, config, typed: commands.typed, own: commands.own, hasMedia: (message.media ?? []).length > 0 });
    if (!command.authorized && reading.kind !== "text") return { action: "drop", reason: command.reason };
    const isControl = reading.kind === "command" ? !isDirective(reading.command) : isBareStopWord(commands.text) && context.engine.isBusy(sessionKey);
    const mention = decideMention({
      required,
      activation: context.sessions.entry(sessionKey)?.groupActivation,
      text: message.text,
      patterns,
      native: message.mentioned,
      canDetectNative: message.canDetectMention,
      replyToSelf: message.quote?.fromSelf,
      command: isControl && commands.authorized,
    });
    if (mention.action === "context") {
      const historyLimit = rules.historyLimit ?? config.messages?.groupChat?.historyLimit ?? DEFAULT_HISTORY;
      return { action: "remember", reason: mention.reason, sessionKey, historyLimit };
    }
    const label = labelOf(channel);
    return {
      action: "answer",
      reason: isDirect ? access.reason : mention.reason,
      sessionKey,
      agentId,
      channelLabel: label,
      commands,
      mentioned: mention.mentioned,
      mentionRequired: required,
      identityEmoji: identity.emoji,
      replyToMode: (rules as { replyToMode?: "off" | "first" | "all" }).replyToMode ?? "off",
      mediaMaxBytes: (rules.mediaMaxMb ?? DEFAULT_MEDIA_MB) * 1024 * 1024,
      ...extraPrompt(message, label, group.rule.systemPrompt),
    };
  }

  return { judge, pairing };
}

/** The first message of a stranger is answered once; others wait in silence, so that nobody can flood a chat. */
function askForPairing(store: PairingStore, { channel, account }: RunningAccount, { sender }: Inbound, label: string): Verdict {
  const { name, username } = sender;
  const asked = store.request({ id: sender.id, meta: { name, username, accountId: account.id } });
  if (!("code" in asked)) return { action: "drop", reason: "pairing-full" };
  if (asked.status === "pending") return { action: "drop", reason: "pairing-pending" };
  const text = [
    "Hello! I do not know you yet.",
    `Your ${label} id: ${sender.id}`,
    `Pairing code: ${asked.code}`,
    "My owner can let you in with:",
    `openclaw pairing approve ${channel} ${asked.code}`,
  ].join("\n");
  return { action: "pair", reason: "dm-pairing", text };
}

function reaction({ reaction: change, sender, messageId }: Inbound, sessionKey: string, rules: ChannelConfigBase): Verdict {
  const mode = (rules as { reactionNotifications?: string }).reactionNotifications ?? "own";
  if (!change || mode === "off" || (mode === "own" && !change.onSelf)) return { action: "drop", reason: "reaction" };
  const who = sender.name ?? sender.username ?? sender.id;
  const what = change.added ? `reacted with ${change.emoji}` : `took back ${change.emoji}`;
  return { action: "note", reason: "reaction", sessionKey, text: `${who} ${what} on message ${messageId}` };
}

function extraPrompt({ chat }: Inbound, label: string, own: string | undefined): { extraSystemPrompt?: string } {
  if (chat.kind === "direct") return {};
  const intro = `You are in the ${label} ${chat.kind} ${JSON.stringify(chat.title ?? chat.id)}. Several people write here; each message names its sender. Keep answers short, and reply NO_REPLY when nothing needs saying.`;
  return { extraSystemPrompt: own ? `${intro}\n\n${own}` : intro };
}

