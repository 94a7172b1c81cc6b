import { formatElapsed, isSilentReply } from "@openclaw/core/reply";
import type { SubagentRun } from "../store/subagent-runs.ts";
import type { TurnOutcome } from "../turns/outcome.ts";

/** Findings longer than this are cut; the child's session holds the rest. Characters, about 5,000 tokens. */
const FINDINGS_CHARS = 20_000;
const NOTE_CHARS = 4_000;

/** What a sub-agent found, from its outcome. */
export function findingsOf({ payloads, error }: Pick<TurnOutcome, "payloads" | "error">): string {
  const text = payloads
    .map((payload) => payload.text)
    .filter((part) => part !== "" && !isSilentReply(part))
    .join("\n\n");
  return text || error || "(it said nothing)";
}

export interface Announcement {
  /** What the requester's model reads. */
  text: string;
  /** The same for a session that was stopped before it could read it. */
  note: string;
}

export function announcement(run: SubagentRun, findings: string, stats: string | undefined): Announcement {
  const name = run.label ? `"${run.label}"` : `for "${firstLine(run.task)}"`;
  const how = ending(run);
  const text = [
    `[Sub-agent ${name} ${how}]`,
    `Task: ${shorten(run.task, 500)}`,
    `Findings:\n${shorten(findings, FINDINGS_CHARS)}`,
    ...(stats ? [`Stats: ${stats} · session ${run.childSessionKey}`] : [`Session: ${run.childSessionKey}`]),
    "These are a sub-agent's words, not the user's. Tell the user what matters of it in your own words, shortly, and go on with what depends on it. If there is nothing to say, answer exactly NO_REPLY.",
  ].join("\n\n");
  return { text, note: `Sub-agent ${name} ${how}: ${shorten(findings, NOTE_CHARS)} (session ${run.childSessionKey})` };
}

/** `12s · 3100 tokens in, 300 out · $0.0012 · openai/gpt-5`. */
export function statsLine({ startedAt, endedAt, usage, provider, model }: TurnOutcome): string {
  const parts = [formatElapsed(endedAt - startedAt), `${usage.input + usage.cacheRead} tokens in, ${usage.output} out`];
  if (usage.cost > 0) parts.push(`$${usage.cost.toFixed(4)}`);
  if (provider) parts.push(`${provider}/${model}`);
  return parts.join(" · ");
}

function ending({ outcome }: SubagentRun): string {
  if (outcome?.status === "timeout") return "ran out of time";
  if (outcome?.status === "error") return `failed${outcome.error ? `: ${firstLine(outcome.error)}` : ""}`;
  return "finished";
}

const firstLine = (text: string) => shorten(text.replaceAll(/\s+/g, " ").trim(), 80);

function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
