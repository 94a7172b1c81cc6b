import type { Command } from "./command.ts";

export const status: Command = {
  name: "status",
  description: "Model, context, session and channels at a glance.",
  async run(_args, { sessionKey }, context) {
    const { agents, channels, engine, sessions, clock, version, startedAt } = context;
    const entry = sessions.entry(sessionKey);
    const agent = await agents.get(sessions.agentOf(sessionKey));
    const { provider, model, kind } = await agent.resolveModel(entry?.modelOverride && `${entry.providerOverride}/${entry.modelOverride}`);
    const window = entry?.contextTokens ?? sessions.defaults().contextTokens;
    const used = entry?.totalTokens ?? 0;
    const lines = [
      `OpenClaw ${version} · up ${duration(clock.now() - startedAt)}`,
      `Model: ${provider}/${model}${kind === "rules" ? " (offline mode, no AI model)" : ""}`,
      `Context: ${compact(used)}${window ? ` of ${compact(window)} (${Math.round((used / window) * 100)} %)` : ""}`,
      `Session: ${sessionKey} · ${engine.isBusy(sessionKey) ? "working" : "idle"} · thinking ${entry?.thinkingLevel ?? "default"}`,
    ];
    for (const { channel, accountId, connected, identity, lastError } of channels.status()) {
      lines.push(`${channel}/${accountId}: ${connected ? `connected${identity ? ` as ${identity}` : ""}` : (lastError ?? "not connected")}`);
    }
    return { reply: lines.join("\n") };
  },
};

const compact = (tokens: number) => (tokens < 1000 ? String(tokens) : `${(tokens / 1000).toFixed(tokens < 10_000 ? 1 : 0)}k`);

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}
