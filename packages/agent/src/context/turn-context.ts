import type { AgentMessage } from "@earendil-works/pi-agent-core";
import { OpenClawError, type Clock, type Log } from "@openclaw/core";
import { pairToolResults, type StoredMessage, type Transcript } from "@openclaw/core/sessions";
import type { BudgetGuard } from "../budget/budget-guard.ts";
import { toPiMessages } from "../runtime/pi-messages.ts";
import type { PreparedTurn } from "../runtime/turn-types.ts";
import type { AgentEvent } from "../types.ts";
import { compactTranscript, type Compaction } from "./compact.ts";
import { measuredTokens, messagesTokens, promptTokens, textTokens } from "./estimate.ts";
import { limitImages } from "./limit-images.ts";
import { isFlushDue } from "./memory-flush-due.ts";
import { pruneMessages, trimmed } from "./prune.ts";
import { windowPlan, type ContextSettings } from "./settings.ts";
import type { AskModel } from "./summarize.ts";

export interface TurnContextOptions {
  prepared: Pick<PreparedTurn, "model" | "kind" | "systemPrompt" | "tools">;
  transcript: Transcript;
  settings: ContextSettings;
  /** Throws when a prompt of this many tokens may not be sent. */
  guard: (promptTokens: number) => ReturnType<BudgetGuard>;
  /** For summaries. Absent: checkpoints alone. */
  ask?: AskModel;
  /** Runs the silent turn before a compaction. Absent: there is none for this session. */
  flush?: (messages: AgentMessage[], tokens: number) => Promise<void>;
  emit: (event: AgentEvent) => void;
  runId?: string;
  signal: AbortSignal;
  clock: Clock;
  log: Log;
}

/** What a model is about to see of a conversation, kept within its window. */
export interface TurnContext {
  /** The stored conversation as pi needs it, whole. */
  stored(): AgentMessage[];
  /** Before each call: pruned, calls and results paired, images within bounds. Changes nothing that is stored. */
  fit(messages: readonly AgentMessage[]): AgentMessage[];
  /**
   * Before each call: weighs it against the budgets, lets memories be written when a compaction is near, compacts past
   * the threshold. True: the stored conversation is another one now.
   */
  beforeCall(): Promise<boolean>;
  /** After a provider said that the prompt is too long: makes it smaller. False: it cannot be made smaller. */
  shrink(): Promise<boolean>;
  /** Compacts because somebody asked, however full the window is. */
  compactNow(instructions?: string): Promise<CompactOutcome | undefined>;
  /** Tokens of the next prompt. */
  tokens(): number;
  /** So far. */
  readonly compactions: number;
  /** How often `shrink` made it smaller. */
  readonly shrinks: number;
}

export interface CompactOutcome extends Compaction {
  tokensBefore: number;
  tokensAfter: number;
}

/** `customType` of the entry that says when the provider's cache was found expired. */
const CACHE_TTL_ENTRY = "openclaw.cache-ttl";
/** A compaction by itself summarises at least this share of the window: it must not be needed again at once. */
const MIN_SHARE = 0.05;
/** What asked-for compactions leave alone, tokens. */
const MIN_ASKED_TOKENS = 300;
/** Steps of `shrink`: share of the recent part that stays, and the longest tool result that is sent, characters. */
const SHRINK_STEPS = [
  { keep: 1, resultChars: Infinity },
  { keep: 0.25, resultChars: 4000 },
  { keep: 0, resultChars: 1000 },
];
/** Past this share of the window results are cut before a provider has to refuse. */
const FULL = 0.95;

export function createTurnContext(options: TurnContextOptions): TurnContext {
  const { prepared, transcript, settings, clock, log, signal } = options;
  const contextWindow = prepared.model.contextWindow;
  const plan = windowPlan(settings.compaction, contextWindow);
  const overhead =
    textTokens(prepared.systemPrompt) +
    textTokens(
      JSON.stringify(prepared.tools.map(({ name, description, parameters }) => ({ name, description, parameters }))),
    );
  let compactions = 0;
  let shrinks = 0;
  let step = -1;
  let resultChars = Infinity;

  const stored = () => toPiMessages(transcript.messages());

  const fit = (messages: readonly AgentMessage[]): AgentMessage[] => {
    const pruned = pruneMessages(pairToolResults(messages as unknown as StoredMessage[]), {
      settings: settings.pruning,
      contextWindow,
      ...(settings.pruning.mode === "cache-ttl" ? { cacheExpiredAt: cacheExpiredAt() } : {}),
    });
    const bounds = { maxChars: resultChars, headChars: (resultChars * 2) / 3, tailChars: resultChars / 4 };
    const short =
      resultChars === Infinity
        ? pruned
        : pruned.map((message) => (message.role === "toolResult" ? trimmed(message, bounds) : message));
    return limitImages(short) as unknown as AgentMessage[];
  };

  const tokens = () => {
    const estimated = overhead + messagesTokens(fit(stored()) as unknown as StoredMessage[]);
    // What was cut harder than the counted prompt is only known by our own estimate.
    return resultChars === Infinity ? promptTokens(estimated, measuredTokens(transcript.branch())) : estimated;
  };

  const cacheExpiredAt = () => {
    const entry = transcript
      .branch()
      .findLast(({ type, customType }) => type === "custom" && customType === CACHE_TTL_ENTRY);
    return (entry?.["data"] as { timestamp?: number } | undefined)?.timestamp;
  };

  function noteCacheExpiry(): void {
    if (settings.pruning.mode !== "cache-ttl") return;
    const last = transcript
      .branch()
      .findLast(({ message }) => message?.role === "assistant" && message["stopReason"] !== "injected")?.message;
    if (last?.timestamp === undefined || clock.now() - last.timestamp < settings.pruning.ttlMs) return;
    const { provider, id: modelId } = prepared.model;
    transcript.append({
      type: "custom",
      customType: CACHE_TTL_ENTRY,
      data: { timestamp: clock.now(), provider, modelId },
    });
  }

  async function compact(how: {
    keepTokens?: number;
    minTokens?: number;
    willRetry?: boolean;
    instructions?: string;
  }): Promise<CompactOutcome | undefined> {
    const { willRetry = false, ...rest } = how;
    const tokensBefore = tokens();
    let started = false;
    const end = (after?: { tokensAfter: number; by: Compaction["by"] }) =>
      options.emit({ stream: "compaction", data: { phase: "end", willRetry, tokensBefore, ...after } });
    try {
      const compaction = await compactTranscript({
        ...rest,
        transcript,
        settings: settings.compaction,
        contextWindow,
        tokensBefore,
        ...(options.ask ? { ask: options.ask } : {}),
        ...(options.runId ? { runId: options.runId } : {}),
        onStart() {
          started = true;
          options.emit({ stream: "compaction", data: { phase: "start" } });
        },
        signal,
        log,
      });
      if (!compaction) return undefined;
      compactions++;
      const tokensAfter = tokens();
      log.info(`compacted: ${tokensBefore} to ${tokensAfter} tokens`, { by: compaction.by });
      end({ tokensAfter, by: compaction.by });
      return { ...compaction, tokensBefore, tokensAfter };
    } catch (error) {
      if (started) end();
      throw error;
    }
  }

  return {
    stored,
    fit,
    tokens,
    get compactions() {
      return compactions;
    },
    get shrinks() {
      return shrinks;
    },
    async beforeCall() {
      noteCacheExpiry();
      const now = tokens();
      options.guard(now);
      const { softThresholdTokens } = settings.compaction.memoryFlush;
      if (options.flush && isFlushDue(transcript.branch(), now, plan.threshold - softThresholdTokens)) {
        const messages = fit(stored());
        // The question is for the turn itself.
        await options.flush(messages.at(-1)?.role === "user" ? messages.slice(0, -1) : messages, now);
      }
      const compacted =
        now > plan.threshold && (await compact({ minTokens: Math.floor(contextWindow * MIN_SHARE) })) !== undefined;
      for (const { resultChars: shorter } of SHRINK_STEPS.slice(1)) {
        if (tokens() > contextWindow * FULL) resultChars = Math.min(resultChars, shorter);
      }
      return compacted;
    },
    async shrink() {
      const before = tokens();
      while (++step < SHRINK_STEPS.length) {
        const { keep, resultChars: shorter } = SHRINK_STEPS[step]!;
        resultChars = Math.min(resultChars, shorter);
        const compaction = await compact({ keepTokens: Math.floor(plan.keepRecent * keep), willRetry: true });
        if (!compaction && tokens() >= before) continue;
        shrinks++;
        return true;
      }
      return false;
    },
    compactNow(instructions) {
      const keepTokens = Math.floor(Math.min(plan.keepRecent, messagesTokens(transcript.messages()) / 4));
      return compact({ keepTokens, minTokens: MIN_ASKED_TOKENS, ...(instructions ? { instructions } : {}) });
    },
  };
}

/** The end of an overflow that no compaction could cure. */
export function stillTooLong(name: string): OpenClawError {
  return new OpenClawError({
    code: "MODEL_CONTEXT_OVERFLOW",
    message: `This conversation does not fit into ${name}, even after I summarised what could be summarised.`,
    hint: "Send /new to start another one, send less at once, or choose a model with a larger context window with /model.",
  });
}
