import type { PolicyLayer } from "@openclaw/agent";
import type { Inbound } from "@openclaw/core";
import {
  type AccessDecision,
  type CommandDecision,
  type GroupListing,
  type GroupRule,
  type MentionDecision,
  type ReasonCode,
  compileMentionPatterns,
  decideCommand,
  decideDirect,
  decideGroup,
  decideMention,
  isListed,
  mentionRequired,
  readAllowlist,
  resolveGroup,
} from "@openclaw/core/access";
import type { ChannelConfigBase, OpenClawConfig } from "@openclaw/core/config";
import { type Route, resolveRoutes } from "@openclaw/core/routing";
import type { SessionEntry } from "@openclaw/core/sessions";
import type { ChannelDefinition } from "@openclaw/plugin-sdk/channel";
import { isDirective } from "../commands/command.ts";
import type { OwnNames } from "../commands/parsing/leading-command.ts";
import { type MessageReading, readMessage } from "../commands/parsing/read-message.ts";
import { commandIndex } from "../commands/registry.ts";
import { isBareStopWord } from "../commands/stop-words.ts";
import { toolRulesFor } from "./group-tools.ts";

/** Everything besides the message that a decision looks at. */
export interface Surroundings {
  config: OpenClawConfig;
  channel: string;
  channelLabel: string;
  accountId: string;
  /** The account's part of the configuration. */
  rules: ChannelConfigBase;
  definition: Pick<ChannelDefinition<unknown, unknown>, "capabilities" | "normalizeId">;
  /** Our own name or number on the platform, when it is known. */
  self?: string;
  /** Commands come from the platform's own menu here. */
  hasMenu: boolean;
  /** Ids approved by pairing. */
  paired: readonly string[];
  entry(sessionKey: string): Readonly<SessionEntry> | undefined;
  isBusy(sessionKey: string): boolean;
  identity(agentId: string): Promise<{ name?: string; emoji?: string }>;
}

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
  | { action: "drop"; reason: ReasonCode | "edit" | "own-message" | "reaction" | "channel-gone" }
  /** Not for us, but context for what will be. */
  | { action: "remember"; reason: ReasonCode; sessionKey: string; historyLimit: number }
  /** A stranger, who may ask to be let in. */
  | { action: "pair"; reason: ReasonCode }
  /** Something the session should hear of at its next turn. */
  | { action: "note"; reason: "reaction"; sessionKey: string; text: string }
  | AnswerVerdict;

export interface AnswerVerdict {
  action: "answer";
  reason: ReasonCode;
  sessionKey: string;
  agentId: string;
  channelLabel: string;
  commands: CommandRights;
  mentioned: boolean;
  mentionRequired: boolean;
  /** Written from our own number: answers are marked, so that both sides can be told apart. */
  selfChat: boolean;
  identityEmoji?: string;
  replyToMode: "off" | "first" | "all";
  mediaMaxBytes: number;
  extraSystemPrompt?: string;
  /** What the group's rules take away from the agent's tools. */
  toolPolicy: readonly PolicyLayer[];
  /** The only skills offered here, when the group names some. */
  skills?: readonly string[];
}

/** The verdict for one agent, with the decisions that led there. */
export interface AgentJudgement {
  verdict: Verdict;
  route: Route;
  command?: CommandDecision;
  reading?: MessageReading;
  mention?: MentionDecision;
}

export interface Judgement {
  access?: AccessDecision;
  group: GroupListing;
  /** Set when no agent has to be asked what it makes of the message. */
  verdict?: Verdict;
  /** One for each agent that the message is for; several through `broadcast`. */
  agents: AgentJudgement[];
  /** Several agents answer at once or one after the other. */
  strategy: "parallel" | "sequential";
}

const DEFAULT_MEDIA_MB = 5;
const DEFAULT_HISTORY = 50;

/** The whole chain of decisions on one message: access, route, session, commands, mention. Changes nothing. */
export async function judgeMessage(message: Inbound, around: Surroundings): Promise<Judgement> {
  const { config, channel, rules, paired } = around;
  const normalize = around.definition.normalizeId;
  const senderIds = senderIdsOf(message);
  const isDirect = message.chat.kind === "direct";
  const group = resolveGroup(rules.groups, {
    chatIds: [message.chat.id],
    topicId: message.chat.threadId,
    normalize,
  });
  const ended = (verdict: Verdict, access?: AccessDecision): Judgement => ({
    access,
    group,
    verdict,
    agents: [],
    strategy: "parallel",
  });
  if (message.kind === "edit") return ended({ action: "drop", reason: "edit" });

  const access = isDirect
    ? decideDirect({
        policy: rules.dmPolicy,
        allowFrom: rules.allowFrom,
        paired,
        senderIds,
        normalize,
        fromSelf: isSelf(message, around),
      })
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
  if (access.action === "deny") return ended({ action: "drop", reason: access.reason }, access);
  if (access.action === "pair") {
    return ended(
      message.kind === "reaction"
        ? { action: "drop", reason: access.reason }
        : { action: "pair", reason: access.reason },
      access,
    );
  }
  const { strategy, routes } = resolveRoutes(config, {
    channel,
    accountId: around.accountId,
    chat: message.chat,
    normalize,
    threadKind: isDirect ? "thread" : around.definition.capabilities.threadKind,
  });
  const agents = await Promise.all(
    routes.map((route) => judgeForAgent(message, route, { ...around, access, rule: group.rule, senderIds })),
  );
  return { access, group, agents, strategy };
}

/** Every form in which the sender may be listed. */
const senderIdsOf = ({ sender }: Inbound) => [sender.id, ...(sender.username ? [`@${sender.username}`] : [])];

interface AgentSurroundings extends Surroundings {
  access: AccessDecision;
  rule: GroupRule;
  senderIds: readonly string[];
}

async function judgeForAgent(message: Inbound, route: Route, around: AgentSurroundings): Promise<AgentJudgement> {
  const { config, channel, channelLabel, rules, rule, senderIds } = around;
  const { agentId, sessionKey } = route;
  if (message.kind === "reaction") return { route, verdict: reaction(message, sessionKey, rules) };

  const normalize = around.definition.normalizeId;
  const isDirect = message.chat.kind === "direct";
  const command = decideCommand({
    channel,
    senderIds,
    normalize,
    useAccessGroups: config.commands?.useAccessGroups,
    ownerAllowFrom: config.commands?.ownerAllowFrom,
    lists: isDirect
      ? [rules.allowFrom, around.paired]
      : [rule.allowFrom, rules.groupAllowFrom, rules.allowFrom, around.paired],
  });
  const agent = config.agents?.list?.find(({ id }) => id.toLowerCase() === agentId);
  const identity = { ...(await around.identity(agentId)), ...agent?.identity };
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
    own: { patterns, handle: around.self },
    typed: message.command === undefined || !around.hasMenu,
  };
  const reading = readMessage(commands.text, {
    index: commandIndex,
    config,
    typed: commands.typed,
    own: commands.own,
    hasMedia: (message.media ?? []).length > 0,
  });
  if (!command.authorized && reading.kind !== "text")
    return { route, command, reading, verdict: { action: "drop", reason: command.reason } };

  const isControl =
    reading.kind === "command"
      ? !isDirective(reading.command)
      : isBareStopWord(commands.text) && around.isBusy(sessionKey);
  const activation = around.entry(sessionKey)?.groupActivation;
  const required = !isDirect && mentionRequired(rule, activation);
  const selfChat = isSelfChat(around);
  const mention = decideMention({
    required,
    activation,
    text: message.text,
    patterns,
    native: message.mentioned,
    canDetectNative: message.canDetectMention,
    replyToSelf: message.quote?.fromSelf,
    selfChat,
    command: isControl && commands.authorized,
  });
  const decisions = { route, command, reading, mention };
  if (mention.action === "context") {
    const historyLimit = rules.historyLimit ?? config.messages?.groupChat?.historyLimit ?? DEFAULT_HISTORY;
    return { ...decisions, verdict: { action: "remember", reason: mention.reason, sessionKey, historyLimit } };
  }
  const verdict: AnswerVerdict = {
    action: "answer",
    reason: isDirect ? around.access.reason : mention.reason,
    sessionKey,
    agentId,
    channelLabel,
    commands,
    mentioned: mention.mentioned,
    mentionRequired: required,
    selfChat: selfChat && isDirect,
    identityEmoji: identity.emoji,
    replyToMode: (rules as { replyToMode?: "off" | "first" | "all" }).replyToMode ?? "off",
    mediaMaxBytes: (rules.mediaMaxMb ?? DEFAULT_MEDIA_MB) * 1024 * 1024,
    toolPolicy: isDirect ? [] : toolRulesFor(rule, { channel, chatId: message.chat.id, senderIds, normalize }),
    ...(!isDirect && rule.skills ? { skills: rule.skills } : {}),
    ...extraPrompt(message, channelLabel, rule.systemPrompt),
  };
  return { ...decisions, verdict };
}

/** The account's owner lists the account itself: notes to self are conversations. */
function isSelfChat({ self, rules, definition: { normalizeId } }: Surroundings): boolean {
  return self !== undefined && isListed(readAllowlist(rules.allowFrom, normalizeId), [self], normalizeId);
}

function isSelf({ sender }: Inbound, { self, definition: { normalizeId } }: Surroundings): boolean {
  return self !== undefined && isListed(readAllowlist([self], normalizeId), [sender.id], normalizeId);
}

function reaction(
  { reaction: change, sender, messageId }: Inbound,
  sessionKey: string,
  rules: ChannelConfigBase,
): Verdict {
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
