import type { Transcript, TranscriptEntry } from "@openclaw/core/sessions";
import type { TurnRequest } from "../store/turns.ts";

/** How an interrupted turn goes on, read from what its transcript holds. */
export type ResumePlan =
  /** The user's message never reached the transcript: run the turn as if for the first time. */
  | { kind: "restart" }
  /** The message is there, the answer is not complete: continue from the transcript as it stands. */
  | { kind: "continue" }
  /** The answer is complete and was not handed over yet: deliver it without another model call. */
  | { kind: "deliver"; text: string };

/** The agent marks the user's entry with the run id, which is how the turn's part of the transcript is found again. */
export function planResume(request: TurnRequest, transcript: Transcript): ResumePlan {
  const branch = transcript.branch();
  const start = branch.findLastIndex((entry) => entry.runId === request.runId);
  if (start === -1) return { kind: "restart" };
  const last = branch.slice(start).findLast((entry) => entry.type === "message");
  const text = last && finalText(last);
  return text === undefined ? { kind: "continue" } : { kind: "deliver", text };
}

/** Text of an assistant message that ended its turn by itself, or undefined. */
function finalText({ message }: TranscriptEntry): string | undefined {
  if (message?.role !== "assistant" || message.stopReason !== "stop" || !Array.isArray(message.content)) return undefined;
  const blocks = message.content as { type: string; text?: string }[];
  if (blocks.some((block) => block.type === "toolCall")) return undefined;
  return blocks.flatMap((block) => (block.type === "text" ? [block.text ?? ""] : [])).join("");
}
