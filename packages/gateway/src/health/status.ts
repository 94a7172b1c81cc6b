import { defaultAgentId } from "@openclaw/core/routing";
import type { SessionEntry } from "@openclaw/core/sessions";
import type { GatewayContext } from "../gateway-context.ts";
import { agentEntries } from "../sessions/agent-entries.ts";
import { sessionKind } from "../sessions/session-row.ts";

const RECENT = 10;

/** What `status` answers: sessions, waiting events and a line for each channel. */
export function statusSnapshot(context: GatewayContext): Record<string, unknown> {
  const { channels, clock, sessions, store } = context;
  const config = context.config();
  const defaults = sessions.defaults();
  const every = config.agents?.defaults?.heartbeat?.every ?? "30m";

  const row = (key: string, entry: SessionEntry) => {
    const contextTokens = entry.contextTokens ?? defaults.contextTokens ?? 200_000;
    const totalTokens = entry.totalTokens ?? 0;
    return {
      agentId: sessions.agentOf(key),
      key,
      kind: sessionKind(key),
      sessionId: entry.sessionId,
      updatedAt: entry.updatedAt,
      age: Math.max(0, clock.now() - (entry.updatedAt ?? 0)),
      ...(entry.thinkingLevel ? { thinkingLevel: entry.thinkingLevel } : {}),
      ...(entry.verboseLevel ? { verboseLevel: entry.verboseLevel } : {}),
      systemSent: entry.systemSent ?? false,
      abortedLastRun: entry.abortedLastRun ?? false,
      inputTokens: entry.inputTokens ?? 0,
      outputTokens: entry.outputTokens ?? 0,
      totalTokens,
      remainingTokens: Math.max(0, contextTokens - totalTokens),
      percentUsed: Math.round((totalTokens / contextTokens) * 100),
      model: entry.model ?? defaults.model,
      contextTokens,
      flags: flags(entry),
    };
  };
  const recent = (agentId?: string) =>
    sessions.list({ agentId, limit: RECENT }).map(({ key, entry }) => row(key, entry));

  const problem = context.degraded();
  return {
    ...(problem ? { config: { state: "degraded", ...problem } } : {}),
    heartbeat: {
      defaultAgentId: defaultAgentId(config),
      agents: agentEntries(config).map(({ id }) => ({ agentId: id, enabled: false, every, everyMs: null })),
    },
    channelSummary: channels
      .status()
      .map(
        ({ channel, accountId, connected, lastError }) =>
          `${channel}/${accountId}: ${connected ? "connected" : (lastError ?? "not connected")}`,
      ),
    queuedSystemEvents: store.systemEvents.newest(RECENT).map(({ text }) => text),
    sessions: {
      paths: agentEntries(config).map(({ id }) => sessions.storePath(id)),
      count: sessions.count(),
      defaults: { model: defaults.model, contextTokens: defaults.contextTokens },
      recent: recent(),
      byAgent: agentEntries(config).map(({ id }) => ({
        agentId: id,
        path: sessions.storePath(id),
        count: sessions.count(id),
        recent: recent(id),
      })),
    },
  };
}

function flags(entry: SessionEntry): string[] {
  return [
    ...(entry.thinkingLevel ? [`think:${entry.thinkingLevel}`] : []),
    ...(entry.verboseLevel ? [`verbose:${entry.verboseLevel}`] : []),
    ...(entry.systemSent ? ["system"] : []),
    ...(entry.abortedLastRun ? ["aborted"] : []),
    `id:${entry.sessionId}`,
  ];
}
