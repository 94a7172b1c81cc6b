import { resolveQueue } from "@openclaw/core/reply";
import type { GatewayContext } from "../gateway-context.ts";
import type { CommandInput, Shortcut } from "./command.ts";
import { compactCount, duration } from "./format.ts";
import { chosenModel, currentModel } from "./models/current-model.ts";

export const status: Shortcut = {
  name: "status",
  description: "Model, context, session and channels at a glance.",
  section: "Information",
  shortcut: true,
  async run(_args, input, context) {
    const { channels, clock, version, startedAt } = context;
    const lines = [
      `OpenClaw ${version} · up ${duration(clock.now() - startedAt)}`,
      await modelLine(input, context),
      contextLine(input, context),
      sessionLine(input, context),
      levelsLine(input, context),
    ];
    for (const { channel, accountId, connected, identity, lastError } of channels.status()) {
      lines.push(
        `${channel}${accountId === "default" ? "" : `/${accountId}`}: ${connected ? `connected${identity ? ` as ${identity}` : ""}` : (lastError ?? "not connected")}`,
      );
    }
    const degraded = context.degraded();
    if (degraded)
      lines.push(`⚠️ Running with the last good configuration: ${degraded.problems[0] ?? "the file cannot be used"}`);
    return { reply: lines.join("\n") };
  },
};

async function modelLine({ sessionKey }: CommandInput, context: GatewayContext): Promise<string> {
  const { provider, model, kind } = await currentModel(context, sessionKey);
  const how =
    kind === "rules" ? " (offline mode, no AI model)" : chosenModel(context, sessionKey) ? " (chosen here)" : "";
  return `Model: ${provider}/${model}${how}`;
}

function contextLine({ sessionKey }: CommandInput, { sessions }: GatewayContext): string {
  const entry = sessions.entry(sessionKey);
  const window = entry?.contextTokens ?? sessions.defaults().contextTokens;
  const used = entry?.totalTokens ?? 0;
  const share = window ? ` of ${compactCount(window)} (${Math.round((used / window) * 100)} %)` : "";
  const spent =
    entry?.inputTokens || entry?.outputTokens
      ? ` · ${compactCount(entry.inputTokens ?? 0)} in, ${compactCount(entry.outputTokens ?? 0)} out so far`
      : "";
  const compactions = entry?.compactionCount ? ` · compacted ${entry.compactionCount}×` : "";
  return `Context: ${compactCount(used)}${share}${compactions}${spent}`;
}

function sessionLine({ sessionKey }: CommandInput, { sessions, engine, clock }: GatewayContext): string {
  const entry = sessions.entry(sessionKey);
  const state = engine.isBusy(sessionKey) ? "working" : "idle";
  return `Session: ${sessionKey} · ${state}${entry ? ` · last used ${duration(clock.now() - entry.updatedAt)} ago` : " · new"}`;
}

function levelsLine({ sessionKey, channel, chatKind }: CommandInput, { sessions, config }: GatewayContext): string {
  const entry = sessions.entry(sessionKey);
  const { mode } = resolveQueue({ session: entry, config: config().messages?.queue, channel });
  return [
    `Thinking ${entry?.thinkingLevel ?? config().agents?.defaults?.thinkingDefault ?? "default"}`,
    ...(entry?.verboseLevel && entry.verboseLevel !== "off" ? [`verbose ${entry.verboseLevel}`] : []),
    ...(entry?.reasoningLevel && entry.reasoningLevel !== "off" ? [`reasoning ${entry.reasoningLevel}`] : []),
    ...(entry?.elevatedLevel ? [`elevated ${entry.elevatedLevel}`] : []),
    `queue ${mode}`,
    ...(chatKind !== "direct" && entry?.groupActivation ? [`activation ${entry.groupActivation}`] : []),
    ...(sessions.sendPolicy(sessionKey) === "deny" ? ["answers off"] : []),
  ].join(" · ");
}
