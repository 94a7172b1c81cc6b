import { basename, join } from "node:path";
import { lastBoundary, transcriptFileName } from "@openclaw/core/sessions";
import type { GatewayContext } from "../gateway-context.ts";
import { agentEntries } from "../sessions/agent-entries.ts";
import type { Command } from "./command.ts";
import { shown } from "./directives/level-directive.ts";
import { compactCount, dollars } from "./format.ts";
import { type Spent, type TranscriptCosts, createTranscriptCosts } from "./usage/transcript-costs.ts";

const MONTH_MS = 30 * 24 * 60 * 60_000;
const levels: Readonly<Record<string, string>> = { off: "off", on: "tokens", tokens: "tokens", full: "full" };
const costs = new WeakMap<GatewayContext, TranscriptCosts>();

export const usage: Command = {
  name: "usage",
  args: "[off | tokens | full | cost]",
  description: "Tokens and cost under each answer, or a sum of them.",
  section: "Information",
  async run(args, { sessionKey }, context) {
    const wanted = args.trim().toLowerCase();
    const current = context.sessions.entry(sessionKey)?.responseUsage ?? "off";
    if (wanted === "")
      return {
        reply: `Usage under answers: ${current}\nChange it with /usage off | tokens | full. /usage cost adds up what was spent.`,
      };
    if (wanted === "cost") return { reply: await costReport(sessionKey, context) };
    const level = Object.hasOwn(levels, wanted) ? levels[wanted] : undefined;
    if (!level) return { reply: `There is no setting "${shown(args)}". Use /usage off | tokens | full | cost` };
    context.sessions.patch(sessionKey, { responseUsage: level === "off" ? null : level });
    return { reply: `Usage under answers: ${level}` };
  },
};

async function costReport(sessionKey: string, context: GatewayContext): Promise<string> {
  const { sessions, paths, clock, config } = context;
  const known = costs.get(context) ?? createTranscriptCosts();
  costs.set(context, known);
  const now = clock.now();
  const folders = agentEntries(config()).map(({ id }) => paths.sessionsDir(id));
  const entry = sessions.entry(sessionKey);
  const file = entry && basename(entry.sessionFile ?? transcriptFileName(entry.sessionId));
  const session = await known.ofFile(join(paths.sessionsDir(sessions.agentOf(sessionKey)), file ?? "none.jsonl"));
  const today = await known.since(
    folders,
    lastBoundary(
      now,
      0,
      config().agents?.defaults?.userTimezone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    ),
  );
  const month = await known.since(folders, now - MONTH_MS);
  const lines = [line("This session", session), line("Today", today), line("Last 30 days", month)];
  const free =
    month.cost === 0 && month.answers > 0
      ? ["No price is known for these models (models.providers.*.models[].cost)."]
      : [];
  return [...lines, ...free].join("\n");
}

function line(label: string, { input, output, cost, answers }: Spent): string {
  return `${label}: ${dollars(cost)} · ${compactCount(input)} in, ${compactCount(output)} out · ${answers === 1 ? "1 model call" : `${answers} model calls`}`;
}
