import { defaultAgentId } from "@openclaw/core/routing";
import { randomUUID } from "node:crypto";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Agent, TurnResult } from "@openclaw/agent";
import type { Clock, Log } from "@openclaw/core";
import { decideSend } from "@openclaw/core/access";
import type { OpenClawConfig } from "@openclaw/core/config";
import {
  type SessionEntry,
  type SessionPatch,
  type SessionStore,
  type StoredMessage,
  canonicalSessionKey,
  createSessionStore,
  freshEntry,
  isStale,
  readRecentEntries,
  resetPolicyFor,
  resetTypeOf,
  splitSessionKey,
} from "@openclaw/core/sessions";
import type { Paths } from "@openclaw/core/paths";
import { agentEntries } from "./agent-entries.ts";
import { createSessionJournal } from "../store/session-journal.ts";
import type { Store } from "../store/store.ts";
import type { ReplyRoute, TurnRequest } from "../store/turns.ts";
import type { TurnSessions } from "../turns/turn-sessions.ts";
import { clientMessage, messageText } from "./message-text.ts";
import { sessionStorePath } from "./session-store-path.ts";
import type { SessionDefaults } from "./session-row.ts";
import { keptProfile, profileFields } from "./session-profile.ts";
import { keepLastLines } from "./shorten-transcript.ts";
import { createTranscripts } from "./transcripts.ts";

export interface SessionFilter {
  agentId?: string;
  limit?: number;
  activeSince?: number;
  search?: string;
  label?: string;
  spawnedBy?: string;
  includeGlobal?: boolean;
  includeUnknown?: boolean;
  where?(key: string, entry: Readonly<SessionEntry>): boolean;
}

/** Every agent's sessions behind canonical keys. */
export interface GatewaySessions extends TurnSessions {
  canonical(key: string, agentId?: string): string;
  agentOf(key: string): string;
  entry(key: string): Readonly<SessionEntry> | undefined;
  findBySessionId(sessionId: string): string | undefined;
  list(filter?: SessionFilter): { key: string; entry: Readonly<SessionEntry> }[];
  count(agentId?: string): number;
  /** `(multiple)` without an agent when there are several. */
  storePath(agentId?: string): string;
  defaults(): SessionDefaults;
  patch(key: string, change: SessionPatch): Readonly<SessionEntry>;
  /** A new conversation under the same key; what a person set stays. */
  reset(key: string, keep?: "route" | "preferences"): Readonly<SessionEntry>;
  /** Starts the conversation anew when its reset policy says so. Asked for inbound messages only. */
  resetIfStale(key: string, chat: { kind: string; threadId?: string }, channel: string): void;
  remove(key: string, withTranscript: boolean): { deleted: boolean; archived: string[] };
  /** Drops all but the last entries of the transcript; the file as it was stays beside it. */
  keepLast(key: string, maxLines: number): { kept: number; archived?: string };
  /** The newest messages, oldest first, as clients see them. */
  history(key: string, limit: number): StoredMessage[];
  texts(key: string, limit: number): { role: string; text: string }[];
  excerpt(key: string): { title?: string; last?: string };
  /** Appends the gateway's own words as an assistant message that no model made. Returns the entry id. */
  injectReply(key: string, text: string): string | undefined;
  /** Notes in the transcript what was sent past the agent. */
  mirrorSent(key: string, text: string): void;
  /** Where the session's last message came from. */
  lastRoute(key: string): ReplyRoute | undefined;
  sendPolicy(key: string): "allow" | "deny";
  identity(agentId: string): ReturnType<Agent["identity"]>;
  close(): Promise<void>;
}

export interface GatewaySessionsOptions {
  store: Store;
  paths: Paths;
  config(): OpenClawConfig;
  agents: { get(agentId: string): Promise<Agent> };
  clock: Clock;
  log: Log;
}

const TITLE_CHARS = 60;
const PREVIEW_CHARS = 120;
const noUsage = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  totalTokens: 0,
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
};

export function createGatewaySessions(options: GatewaySessionsOptions): GatewaySessions {
  const { store, paths, config, clock, log } = options;
  const stores = new Map<string, SessionStore>();
  const transcripts = createTranscripts({ workspace: () => paths.workspace, clock, log });

  const dirOf = (agentId: string) => paths.sessionsDir(agentId);
  const canonical = (key: string, agentId?: string) =>
    canonicalSessionKey(key, { ...config().session, defaultAgentId: agentId ?? defaultAgentId(config()) });
  const agentOf = (key: string) => splitSessionKey(key).agentId ?? defaultAgentId(config());

  function storeOf(agentId: string): SessionStore {
    let found = stores.get(agentId);
    if (!found) {
      const path = fileOf(agentId);
      found = createSessionStore({
        path,
        clock,
        canonicalKey: (key) => canonical(key, agentId),
        journal: createSessionJournal(store.database, store.values, path),
        onWriteError: (error) => log.error(`${path} could not be written: ${String(error)}`),
      });
      for (const problem of found.problems) log.warn(problem);
      stores.set(agentId, found);
    }
    return found;
  }

  const fileOf = (agentId: string) => sessionStorePath(agentId, config(), paths);

  const entryOf = (key: string) => storeOf(agentOf(key)).get(key);
  const patch = (key: string, change: SessionPatch) => storeOf(agentOf(key)).upsert(key, change);
  const transcriptOf = (key: string, entry: Readonly<SessionEntry>) => transcripts.open(dirOf(agentOf(key)), entry);

  function recent(key: string, limit: number): StoredMessage[] {
    const entry = entryOf(key);
    if (!entry) return [];
    const path = transcripts.pathOf(dirOf(agentOf(key)), entry);
    return readRecentEntries({ path, limit }).flatMap(({ message }) => (message ? [message] : []));
  }

  function list(filter: SessionFilter = {}): { key: string; entry: Readonly<SessionEntry> }[] {
    const agentIds = filter.agentId ? [filter.agentId.toLowerCase()] : agentEntries(config()).map(({ id }) => id);
    const { limit, activeSince, search } = filter;
    const rows = agentIds.flatMap((agentId) =>
      storeOf(agentId).list({
        limit,
        activeSince,
        search,
        filter: (key, entry) =>
          (filter.label === undefined || entry.label === filter.label) &&
          (filter.spawnedBy === undefined || entry.spawnedBy === filter.spawnedBy) &&
          (filter.includeGlobal !== false || key !== "global") &&
          (filter.includeUnknown !== false || key !== "unknown") &&
          (filter.where?.(key, entry) ?? true),
      }),
    );
    if (agentIds.length > 1) rows.sort((a, b) => b.entry.updatedAt - a.entry.updatedAt);
    return limit === undefined ? rows : rows.slice(0, limit);
  }

  function reset(key: string, keep: "route" | "preferences" = "preferences"): Readonly<SessionEntry> {
    const current = entryOf(key);
    const next = freshEntry(current, { sessionId: randomUUID(), now: clock.now(), keep });
    const cleared = Object.fromEntries(Object.keys(current ?? {}).map((field) => [field, null]));
    return storeOf(agentOf(key)).upsert(key, { ...cleared, ...next });
  }

  function inject(key: string, text: string, marks: Record<string, unknown>): string {
    const entry = entryOf(key) ?? patch(key, {});
    const appended = transcriptOf(key, entry).appendMessage({
      role: "assistant",
      content: [{ type: "text", text }],
      stopReason: "injected",
      usage: noUsage,
      timestamp: clock.now(),
      ...marks,
    });
    return appended.id;
  }

  return {
    canonical,
    agentOf,
    entry: entryOf,
    patch,
    list,
    findBySessionId: (sessionId) => {
      for (const { id } of agentEntries(config())) {
        const key = storeOf(id).find({ sessionId });
        if (key) return key;
      }
      return undefined;
    },
    count: (agentId) =>
      (agentId ? [{ id: agentId }] : agentEntries(config())).reduce((sum, { id }) => sum + storeOf(id).size, 0),
    storePath: (agentId) => {
      const ids = agentEntries(config());
      return agentId || ids.length === 1 ? fileOf(agentId ?? ids[0]?.id ?? "main") : "(multiple)";
    },
    defaults() {
      const primary = primaryModel(config());
      const slash = primary?.indexOf("/") ?? -1;
      return {
        modelProvider: primary ? primary.slice(0, Math.max(0, slash)) || "anthropic" : null,
        model: primary ? primary.slice(slash + 1) : null,
        contextTokens: config().agents?.defaults?.contextTokens ?? null,
      };
    },
    reset,
    resetIfStale(key, chat, channel) {
      const entry = entryOf(key);
      if (!entry) return;
      const settings = config().session;
      const policy = resetPolicyFor(
        settings,
        resetTypeOf({ key, chatKind: chat.kind, threadId: chat.threadId }),
        channel,
      );
      const why = isStale({ updatedAt: entry.updatedAt, now: clock.now(), policy });
      if (!why) return;
      log.info(`${key} starts anew (${why})`);
      reset(key, "route");
    },
    remove(key, withTranscript) {
      const entry = entryOf(key);
      if (!entry) return { deleted: false, archived: [] };
      const path = transcripts.pathOf(dirOf(agentOf(key)), entry);
      transcripts.release(path);
      storeOf(agentOf(key)).delete(key);
      if (!withTranscript || !existsSync(path)) return { deleted: true, archived: [] };
      const archived = `${path}.deleted.${new Date(clock.now()).toISOString().replaceAll(":", "-")}`;
      renameSync(path, archived);
      return { deleted: true, archived: [archived] };
    },
    keepLast(key, maxLines) {
      const entry = entryOf(key);
      if (!entry) return { kept: 0 };
      const path = transcripts.pathOf(dirOf(agentOf(key)), entry);
      transcripts.release(path);
      const shortened = keepLastLines(path, maxLines, clock.now());
      // The counter is about a longer conversation.
      if (shortened.archived) patch(key, { totalTokens: null });
      return shortened;
    },
    history: (key, limit) => recent(key, limit).map(clientMessage),
    texts: (key, limit) =>
      recent(key, limit * 4)
        .filter(({ role }) => role === "user" || role === "assistant")
        .map((message) => ({ role: message.role, text: messageText(message) }))
        .filter(({ text }) => text !== "")
        .slice(-limit),
    excerpt(key) {
      const messages = recent(key, 40);
      const first = messages.find(({ role }) => role === "user");
      const last = messages.findLast((message) => message.role !== "toolResult" && messageText(message) !== "");
      return {
        ...(first ? { title: shorten(messageText(first), TITLE_CHARS) } : {}),
        ...(last ? { last: shorten(messageText(last), PREVIEW_CHARS) } : {}),
      };
    },
    injectReply: (key, text) => inject(key, text, {}),
    mirrorSent(key, text) {
      inject(key, text, { provider: "openclaw", model: "delivery-mirror" });
    },
    lastRoute(key) {
      const entry = entryOf(key);
      const channel = entry?.deliveryContext?.channel ?? entry?.lastChannel;
      const to = entry?.deliveryContext?.to ?? entry?.lastTo;
      if (!channel || channel === "webchat" || !to) return undefined;
      return { channel, account: entry?.deliveryContext?.accountId ?? entry?.lastAccountId ?? "default", target: to };
    },
    sendPolicy(key) {
      const entry = entryOf(key);
      const { allowed } = decideSend({
        policy: config().session?.sendPolicy,
        session: entry?.sendPolicy,
        sessionKey: key,
        channel: entry?.lastChannel ?? "webchat",
        chatType: entry?.chatType ?? "direct",
      });
      return allowed ? "allow" : "deny";
    },
    identity: async (agentId) => (await options.agents.get(agentId)).identity(),

    open(request) {
      const entry = entryOf(request.sessionKey) ?? begin(request);
      return {
        transcript: transcriptOf(request.sessionKey, entry),
        model: entry.modelOverride && `${entry.providerOverride ?? "anthropic"}/${entry.modelOverride}`,
        thinking: entry.thinkingLevel as TurnRequest["thinking"],
        authProfile: keptProfile(entry),
      };
    },
    note(request, result, now) {
      const { route, origin } = request;
      const entry = storeOf(agentOf(request.sessionKey)).upsert(request.sessionKey, (current) => ({
        updatedAt: now,
        systemSent: true,
        abortedLastRun: result.status === "aborted",
        // Another session's words say nothing about where this one's person is.
        ...(request.source === "session"
          ? {}
          : {
              chatType: origin.chatType,
              ...routeFields(route, origin.provider),
              origin: {
                ...origin,
                surface: origin.provider,
                ...(route ? { to: route.target, accountId: route.account } : {}),
              },
            }),
        ...usageFields(result, current),
      }));
      return entry.sessionId;
    },
    async close() {
      transcripts.closeAll();
      await Promise.all([...stores.values()].map((entry) => entry.close()));
    },
  };

  function begin(request: TurnRequest): Readonly<SessionEntry> {
    const sessionId = randomUUID();
    const { origin, route, sessionKey } = request;
    return patch(sessionKey, {
      sessionId,
      sessionFile: join(dirOf(agentOf(sessionKey)), `${sessionId}.jsonl`),
      chatType: origin.chatType,
      compactionCount: 0,
      ...routeFields(route, origin.provider),
    });
  }
}

function routeFields(route: ReplyRoute | undefined, provider: string): SessionPatch {
  if (!route) return { deliveryContext: { channel: provider }, lastChannel: provider };
  const { channel, account, target } = route;
  return {
    channel,
    deliveryContext: { channel, to: target, accountId: account },
    lastChannel: channel,
    lastTo: target,
    lastAccountId: account,
  };
}

function usageFields(result: TurnResult, current: Readonly<SessionEntry> | undefined): SessionPatch {
  const { provider, model, usage } = result;
  if (!provider || !model) return {};
  return {
    modelProvider: provider,
    model,
    ...(usage.total > 0
      ? {
          inputTokens: (current?.inputTokens ?? 0) + usage.input,
          outputTokens: (current?.outputTokens ?? 0) + usage.output,
          totalTokens: usage.total,
        }
      : {}),
    ...(result.compactions ? { compactionCount: (current?.compactionCount ?? 0) + result.compactions } : {}),
    ...(result.promptReport ? { systemPromptReport: result.promptReport } : {}),
    ...profileFields(result, current, (current?.compactionCount ?? 0) + (result.compactions ?? 0)),
  };
}

function primaryModel(config: OpenClawConfig): string | undefined {
  const model = config.agents?.defaults?.model;
  return typeof model === "string" ? model : model?.primary;
}

function shorten(text: string, limit: number): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
