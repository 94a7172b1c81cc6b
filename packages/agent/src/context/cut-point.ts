import type { TranscriptEntry } from "@openclaw/core/sessions";
import { isBroken } from "../runtime/pi-messages.ts";
import { messageTokens } from "./estimate.ts";

/** Where a compaction divides the conversation. */
export interface CutPoint {
  /** Entries that are summarised; an earlier compaction is not among them. */
  old: readonly TranscriptEntry[];
  /** Entries that stay as they are; never empty. */
  kept: readonly TranscriptEntry[];
  oldTokens: number;
}

/**
 * Divides a branch so that about `keepTokens` of its end stay. A tool's result is never parted from its call, and the
 * last message always stays. Undefined when nothing would be left to summarise.
 */
export function findCutPoint(branch: readonly TranscriptEntry[], keepTokens: number): CutPoint | undefined {
  const entries = branch[0]?.type === "compaction" ? branch.slice(1) : branch;
  let from = entries.length;
  for (let kept = 0; from > 0; from--) {
    kept += entryTokens(entries[from - 1]!);
    if (kept > keepTokens) break;
  }
  const later = entries.findIndex((entry, index) => index >= from && canStart(entry));
  const at = later < 0 ? entries.findLastIndex(canStart) : later;
  if (at <= 0) return undefined;
  const old = entries.slice(0, at);
  const oldTokens = old.reduce((sum, entry) => sum + entryTokens(entry), 0);
  return oldTokens === 0 ? undefined : { old, kept: entries.slice(at), oldTokens };
}

/** Kept entries may begin with these: what a model sees first must not be the answer to something it does not see. */
function canStart({ type, message }: TranscriptEntry): boolean {
  if (type === "custom_message" || type === "branch_summary") return true;
  return type === "message" && message !== undefined && message.role !== "toolResult" && !isBroken(message);
}

function entryTokens(entry: TranscriptEntry): number {
  if (entry.message) return messageTokens(entry.message);
  if (entry.type === "custom_message") return messageTokens({ content: entry["content"] });
  if (entry.type === "branch_summary") return messageTokens({ content: entry["summary"] });
  return 0;
}
