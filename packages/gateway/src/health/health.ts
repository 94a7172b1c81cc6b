import { defaultAgentId } from "@openclaw/core/routing";
import type { GatewayContext } from "../gateway-context.ts";
import { agentEntries } from "../sessions/agent-entries.ts";

/** Seed 000's literal; what a heartbeat turn is asked when nothing else is configured. */
const HEARTBEAT_PROMPT =
  "Read HEARTBEAT.md if it exists (workspace context). Follow it strictly. Do not infer or repeat old tasks from prior chats. If nothing needs attention, reply HEARTBEAT_OK.";
const RECENT = 5;

/** What `health` answers, and the `health` event carries. */
export function healthSnapshot(context: GatewayContext): Record<string, unknown> {
  const { channels, clock, sessions } = context;
  const startedAt = clock.now();
  const config = context.config();
  const accounts = channels.status();
  const order = [...new Set(accounts.map(({ channel }) => channel))];
  const heartbeat = config.agents?.defaults?.heartbeat;
  const sessionsOf = (agentId?: string) => ({
    path: sessions.storePath(agentId),
    count: sessions.count(agentId),
    recent: sessions.list({ agentId, limit: RECENT }).map(({ key, entry }) => ({
      key,
      updatedAt: entry.updatedAt,
      age: Math.max(0, clock.now() - (entry.updatedAt ?? 0)),
    })),
  });
  return {
    // The gateway itself works when it answers; channels tell for themselves.
    ok: true,
    ts: startedAt,
    durationMs: clock.now() - startedAt,
    version: context.version,
    config: configState(context),
    uptimeMs: clock.now() - context.startedAt,
    channels: Object.fromEntries(
      order.map((id) => {
        const own = accounts.filter(({ channel }) => channel === id);
        const { channel: _channel, ...first } = own[0] ?? { channel: id };
        return [id, { ...first, healthy: own.every(({ connected }) => connected), accounts: own }];
      }),
    ),
    channelOrder: order,
    channelLabels: Object.fromEntries(
      order.map((id) => [id, channels.catalog.find((entry) => entry.id === id)?.label ?? id]),
    ),
    heartbeatSeconds: 0,
    defaultAgentId: defaultAgentId(config),
    agents: agentEntries(config).map(({ id, name }) => ({
      agentId: id,
      ...(name ? { name } : {}),
      isDefault: id === defaultAgentId(config),
      heartbeat: {
        enabled: false,
        every: heartbeat?.every ?? "30m",
        everyMs: null,
        prompt: heartbeat?.prompt ?? HEARTBEAT_PROMPT,
        target: heartbeat?.target ?? "last",
        ackMaxChars: heartbeat?.ackMaxChars ?? 300,
      },
      sessions: sessionsOf(id),
    })),
    sessions: sessionsOf(),
  };
}

/** Whether the gateway runs with what the file says, and if not, why. */
function configState({ degraded, configPath }: GatewayContext): Record<string, unknown> {
  const problem = degraded();
  return problem ? { state: "degraded", ...problem } : { state: "ok", file: configPath };
}
