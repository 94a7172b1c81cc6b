import type { Log } from "@openclaw/core";
import type { Transcript, TranscriptEntry } from "@openclaw/core/sessions";
import { keepHead } from "../tools/text-limit.ts";
import { CHECKPOINT_HEADING, renderCheckpoint, takeCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { findCutPoint } from "./cut-point.ts";
import { CHARS_PER_TOKEN } from "./estimate.ts";
import { windowPlan, type CompactionSettings } from "./settings.ts";
import { stringOf } from "./stored-text.ts";
import { summarize, type AskModel } from "./summarize.ts";

export interface CompactOptions {
  transcript: Transcript;
  settings: CompactionSettings;
  /** Tokens. */
  contextWindow: number;
  /** What the context holds now, for the entry. */
  tokensBefore: number;
  /** Default: what the settings keep. */
  keepTokens?: number;
  /** A compaction that would summarise less than this does nothing. Default 1. */
  minTokens?: number;
  instructions?: string;
  /** Absent: the checkpoint alone stands for what was said. */
  ask?: AskModel;
  /** The running turn; the entry carries it when the turn's question is among what is summarised. */
  runId?: string;
  /** Called when there is something to do, before anything is written. */
  onStart?: () => void;
  /** When it fires nothing more is written. */
  signal: AbortSignal;
  log: Log;
}

export interface Compaction {
  /** Who the summary is by. */
  by: "model" | "checkpoint";
  /** Entries that stay as they are. */
  kept: number;
  /** Estimate of what was summarised. */
  oldTokens: number;
}

/** `customType` of the entry that holds the checkpoint; models never see it. */
export const CHECKPOINT_ENTRY = "openclaw.checkpoint";
/** Share of the window that the checkpoint may fill, and its bound, characters. */
const CHECKPOINT_SHARE = 0.08;
const CHECKPOINT_CHARS = 12_000;

/**
 * Puts a summary in the place of a conversation's older part. A checkpoint made without a model is on disk before the
 * model is asked; when asking fails it stands alone, so that a compaction always succeeds. Undefined: there is nothing
 * to summarise. Throws the signal's reason when it fired meanwhile, and what the transcript throws.
 */
export async function compactTranscript(options: CompactOptions): Promise<Compaction | undefined> {
  const { transcript, settings, contextWindow, log, signal } = options;
  const branch = transcript.branch();
  const plan = windowPlan(settings, contextWindow);
  const cut = findCutPoint(branch, options.keepTokens ?? plan.keepRecent);
  if (!cut || cut.oldTokens < (options.minTokens ?? 1)) return undefined;

  options.onStart?.();
  const earlier = branch[0]?.type === "compaction" ? branch[0] : undefined;
  const checkpoint = takeCheckpoint(cut.old, earlier?.["details"] as Partial<Checkpoint> | undefined);
  transcript.append({ type: "custom", customType: CHECKPOINT_ENTRY, data: checkpoint });
  transcript.sync();

  const earlierSummary = earlier && narrative(stringOf(earlier["summary"]));
  let summary: string | undefined;
  if (options.ask) {
    try {
      summary = await summarize({
        entries: cut.old,
        mode: settings.mode,
        contextWindow,
        reserve: plan.reserve,
        ask: options.ask,
        ...(earlierSummary ? { earlier: earlierSummary } : {}),
        ...(options.instructions ? { instructions: options.instructions } : {}),
      });
    } catch (error) {
      signal.throwIfAborted();
      log.warn("The conversation could not be summarised; its checkpoint stands alone.", { error: String(error) });
    }
  }

  const room = Math.min(CHECKPOINT_CHARS, Math.floor(contextWindow * CHARS_PER_TOKEN * CHECKPOINT_SHARE));
  const words = summary || (earlierSummary && keepHead(earlierSummary, room).text) || NO_SUMMARY;
  transcript.append({
    type: "compaction",
    summary: [words, renderCheckpoint(checkpoint, room)].filter(Boolean).join("\n\n"),
    firstKeptEntryId: cut.kept[0]!.id,
    tokensBefore: options.tokensBefore,
    details: checkpoint,
    fromHook: false,
    ...(wasAsked(options.runId, [...(earlier ? [earlier] : []), ...cut.old]) ? { runId: options.runId } : {}),
  });
  transcript.sync();
  return { by: summary ? "model" : "checkpoint", kept: cut.kept.length, oldTokens: cut.oldTokens };
}

const NO_SUMMARY =
  "(No summary could be written. What follows was noted automatically; ask the user about what is missing.)";

/** A resumed turn is found by its run id; cutting the entry away must not make it be asked twice. */
function wasAsked(runId: string | undefined, old: readonly TranscriptEntry[]): boolean {
  return runId !== undefined && old.some((entry) => entry["runId"] === runId);
}

/** The model's part of a summary of ours; the whole of anybody else's. */
function narrative(summary: string): string {
  const at = summary.indexOf(CHECKPOINT_HEADING);
  const words = (at < 0 ? summary : summary.slice(0, at)).trim();
  return words === NO_SUMMARY ? "" : words;
}
