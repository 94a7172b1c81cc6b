import type { TranscriptEntry } from "@openclaw/core/sessions";

/** `customType` of the entry that says that memories were written in this compaction cycle. */
export const FLUSH_ENTRY = "openclaw.memory-flush";

/** Once between two compactions, when the context comes near the next one. */
export function isFlushDue(branch: readonly TranscriptEntry[], tokens: number, threshold: number): boolean {
  if (tokens < threshold) return false;
  const compaction = branch[0]?.type === "compaction" ? Date.parse(branch[0].timestamp) : 0;
  // A compaction may have kept the entry of the cycle before it.
  return !branch.some((entry) => entry["customType"] === FLUSH_ENTRY && Date.parse(entry.timestamp) >= compaction);
}
