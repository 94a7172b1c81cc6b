import type { Transcript } from "@openclaw/core/sessions";

/**
 * Whether an interrupted turn's question already stands in the transcript. Then the turn continues from the transcript
 * as it is; otherwise it is run as if for the first time. The agent marks the question's entry with the run id.
 */
export function questionIsKept(runId: string, transcript: Transcript): boolean {
  return transcript.branch().some((entry) => entry.runId === runId);
}
