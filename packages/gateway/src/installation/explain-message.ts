import { type Clock, type Inbound, OpenClawError } from "@openclaw/core";
import { createPairingStore, describeReason } from "@openclaw/core/access";
import type { ChannelConfigBase, OpenClawConfig } from "@openclaw/core/config";
import type { Paths } from "@openclaw/core/paths";
import { resolveQueue } from "@openclaw/core/reply";
import { defaultAgentId } from "@openclaw/core/routing";
import {
  type SessionStore,
  canonicalSessionKey,
  createSessionStore,
  splitSessionKey,
  isStale,
  resetPolicyFor,
  resetTypeOf,
} from "@openclaw/core/sessions";
import { hasCommandMenu } from "../channels/command-menu.ts";
import { catalog } from "../channels/generated/catalog.ts";
import { sessionStorePath } from "../sessions/session-store-path.ts";
import { type AgentJudgement, type Judgement, judgeMessage } from "../conversation/judge-message.ts";

export interface ExplainOptions {
  config: OpenClawConfig;
  paths: Paths;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  channel: string;
  /** Default: the channel's first account. */
  account?: string;
  sender: { id: string; username?: string };
  chat: Inbound["chat"];
  text: string;
  /** The platform marked us as mentioned. */
  mentioned?: boolean;
}

export interface ExplainedStep {
  step: "access" | "route" | "session" | "command" | "mention" | "queue";
  passed: boolean;
  /** What was decided, in a few words. */
  outcome: string;
  /** Code of the reason; scripts match on it. */
  reason: string;
  /** The reason as a sentence. */
  text: string;
}

export interface Explanation {
  channel: string;
  account: string;
  /** One for each agent that the message is for. */
  agents: { agentId?: string; action: string; steps: ExplainedStep[] }[];
}

/**
 * Goes through every decision on a message as the gateway would, and changes nothing. Needs no running gateway: it reads
 * the configuration, the pairing files and `sessions.json`. Fails with `CHANNEL_UNKNOWN` or `ACCOUNT_UNKNOWN`.
 */
export async function explainMessage(options: ExplainOptions): Promise<Explanation> {
  const { config, paths, clock, channel, sender, chat } = options;
  const { definition, account, label } = await findAccount(options);
  const sessions = sessionReader(options);
  const message: Inbound = {
    key: "explain",
    kind: "message",
    target: chat.id,
    chat,
    sender,
    messageId: "explain",
    timestamp: clock.now(),
    text: options.text,
    mentioned: options.mentioned ?? false,
  };
  const judgement = await judgeMessage(message, {
    config,
    channel,
    channelLabel: label,
    accountId: account.id,
    rules: account.config as ChannelConfigBase,
    definition,
    hasMenu: hasCommandMenu({ account, definition }, config),
    paired: createPairingStore({
      dir: paths.credentialsDir,
      channel,
      clock,
      normalize: definition.normalizeId,
    }).allowFrom(),
    entry: sessions.entry,
    isBusy: () => false,
    identity: (agentId) => identityOf(agentId, options),
  });
  const access = accessStep(judgement, chat.kind === "direct");
  if (judgement.agents.length === 0) {
    return { channel, account: account.id, agents: [{ action: judgement.verdict?.action ?? "drop", steps: access }] };
  }
  const agents = judgement.agents.map((agent) => ({
    agentId: agent.route.agentId,
    action: agent.verdict.action,
    steps: [
      ...access,
      routeStep(agent),
      sessionStep(agent, message, sessions, options),
      ...commandStep(agent),
      ...mentionStep(agent),
      ...queueStep(agent, sessions, options),
    ],
  }));
  return { channel, account: account.id, agents };
}

async function findAccount({ config, env, channel, account: wanted }: ExplainOptions) {
  const entry = catalog.find(({ id }) => id === channel);
  const definition = await entry?.load?.();
  const section = (config.channels as Record<string, unknown> | undefined)?.[channel];
  if (!entry || !definition || section === undefined) {
    throw new OpenClawError({
      code: "CHANNEL_UNKNOWN",
      message: `The channel ${channel} is not configured.`,
      hint: `Add it with openclaw channels add ${channel}, or see openclaw channels list.`,
    });
  }
  const accounts = definition.accounts(section, env);
  const account = wanted === undefined ? accounts[0] : accounts.find(({ id }) => id === wanted);
  if (!account) {
    throw new OpenClawError({
      code: "ACCOUNT_UNKNOWN",
      message: `${entry.label} has no account ${wanted ?? "at all"}.`,
      hint: `There are: ${accounts.map(({ id }) => id).join(", ") || "none"}.`,
    });
  }
  return { definition, account, label: entry.label };
}

type Sessions = ReturnType<typeof sessionReader>;

/** Sessions as the files show them, each file read once. */
function sessionReader({ config, paths, clock }: ExplainOptions) {
  const stores = new Map<string, SessionStore>();
  const storeOf = (agentId: string) => {
    const canonicalKey = (some: string) => canonicalSessionKey(some, { ...config.session, defaultAgentId: agentId });
    const store =
      stores.get(agentId) ??
      createSessionStore({ path: sessionStorePath(agentId, config, paths), clock, canonicalKey });
    stores.set(agentId, store);
    return store;
  };
  const entry = (key: string) => storeOf(splitSessionKey(key).agentId ?? defaultAgentId(config)).get(key);
  return { entry };
}

async function identityOf(agentId: string, { config, paths, env }: ExplainOptions) {
  const { createAgent } = await import("@openclaw/agent");
  const agent = createAgent({ agentId, config, stateDir: paths.stateDir, env });
  try {
    return agent.identity();
  } finally {
    await agent.close();
  }
}

const listings = {
  named: "; the group has an entry of its own",
  wildcard: "; the entry * stands for the group",
  missing: "",
  unlisted: "; no group is listed",
};

function accessStep({ access, group }: Judgement, isDirect: boolean): ExplainedStep[] {
  if (!access) return [];
  const outcome = { allow: "taken", deny: "dropped in silence", pair: "answered with a pairing code" }[access.action];
  const listing = isDirect ? "" : listings[group.listing];
  return [
    {
      step: "access",
      passed: access.action === "allow",
      outcome,
      reason: access.reason,
      text: describeReason(access.reason) + listing,
    },
  ];
}

function routeStep({ route }: AgentJudgement): ExplainedStep {
  const where = route.binding === undefined ? "no binding matches" : `bindings[${route.binding}] matches`;
  const text = route.tier === "broadcast" ? "broadcast names this chat" : where;
  const unknown = route.unknownAgentId ? `; it names ${route.unknownAgentId}, which agents.list does not have` : "";
  return {
    step: "route",
    passed: true,
    outcome: `agent ${route.agentId}`,
    reason: `route-${route.tier}`,
    text: text + unknown,
  };
}

function sessionStep(
  { route: { sessionKey } }: AgentJudgement,
  { chat }: Inbound,
  sessions: Sessions,
  { config, clock, channel }: ExplainOptions,
): ExplainedStep {
  const step = { step: "session" as const, passed: true, outcome: sessionKey };
  const entry = sessions.entry(sessionKey);
  if (!entry) return { ...step, reason: "session-new", text: "it would be a new conversation" };
  const policy = resetPolicyFor(
    config.session,
    resetTypeOf({ key: sessionKey, chatKind: chat.kind, threadId: chat.threadId }),
    channel,
  );
  const why = isStale({ updatedAt: entry.updatedAt, now: clock.now(), policy });
  if (why) return { ...step, reason: `session-reset-${why}`, text: `it would begin anew (${why} reset)` };
  return { ...step, reason: "session-continued", text: "the conversation goes on" };
}

function commandStep({ command, reading, verdict }: AgentJudgement): ExplainedStep[] {
  if (!command || !reading) return [];
  const names =
    reading.kind === "command" ? [reading.command.name] : reading.tokens.map(({ command: { name } }) => name);
  const what = names.length === 0 ? "no command" : names.map((name) => `/${name}`).join(" ");
  const may = command.authorized ? "this sender may give commands" : "this sender may not give commands";
  const text = `${may}: ${describeReason(command.reason)}`;
  return [{ step: "command", passed: verdict.action !== "drop", outcome: what, reason: command.reason, text }];
}

function mentionStep({ mention }: AgentJudgement): ExplainedStep[] {
  if (!mention) return [];
  const passed = mention.action === "respond";
  return [
    {
      step: "mention",
      passed,
      outcome: passed ? "answered" : "remembered, not answered",
      reason: mention.reason,
      text: describeReason(mention.reason),
    },
  ];
}

function queueStep(
  { verdict, reading, route }: AgentJudgement,
  sessions: Sessions,
  { config, channel }: ExplainOptions,
): ExplainedStep[] {
  if (verdict.action !== "answer") return [];
  if (reading?.kind === "command")
    return [
      {
        step: "queue",
        passed: true,
        outcome: "at once",
        reason: "queue-command",
        text: "commands do not wait for a running answer",
      },
    ];
  const { mode, debounceMs, cap, drop } = resolveQueue({
    session: sessions.entry(route.sessionKey),
    config: config.messages?.queue,
    channel,
  });
  const text = `while an answer runs: ${mode}, ${debounceMs} ms rest, at most ${cap} waiting, then drop ${drop}; otherwise at once`;
  return [{ step: "queue", passed: true, outcome: mode, reason: `queue-${mode}`, text }];
}
