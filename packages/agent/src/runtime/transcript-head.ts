import type { Transcript, TranscriptEntry } from "@openclaw/core/sessions";

export interface TurnModel {
  provider: string;
  model: string;
  api: string;
  thinking: string;
}

/**
 * Notes model and thinking level in the transcript before the messages they apply to: always in a fresh file, later only
 * when they changed.
 */
export function noteModel(transcript: Transcript, turn: TurnModel, now: number): void {
  const branch = transcript.branch();
  const last = (type: string, customType?: string): TranscriptEntry | undefined =>
    branch.findLast((entry) => entry.type === type && (customType === undefined || entry["customType"] === customType));
  const change = last("model_change");
  const changed = change?.["provider"] !== turn.provider || change["modelId"] !== turn.model;
  if (changed) transcript.append({ type: "model_change", provider: turn.provider, modelId: turn.model });
  if (last("thinking_level_change")?.["thinkingLevel"] !== turn.thinking) {
    transcript.append({ type: "thinking_level_change", thinkingLevel: turn.thinking });
  }
  if (changed || !last("custom", "model-snapshot")) {
    transcript.append({
      type: "custom",
      customType: "model-snapshot",
      data: { timestamp: now, provider: turn.provider, modelApi: turn.api, modelId: turn.model },
    });
  }
}
