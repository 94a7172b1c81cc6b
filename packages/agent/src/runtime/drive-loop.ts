import type { AgentContext, AgentLoopConfig, AgentMessage } from "@earendil-works/pi-agent-core";
import type { AssistantMessage, Message, UserMessage } from "@earendil-works/pi-ai";
import type { Clock } from "@openclaw/core";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import { canFlush, flushMemory } from "../context/memory-flush.ts";
import { FLUSH_ENTRY } from "../context/memory-flush-due.ts";
import { createTurnContext, stillTooLong } from "../context/turn-context.ts";
import type { AgentEvent } from "../types.ts";
import { createCandidateStreams, type CandidateStreams } from "./candidate-stream.ts";
import { SHORT, type FailedAttempt } from "./failure.ts";
import type { AgentLoop } from "./load-pi.ts";
import { createLoopDetector } from "./loop-detector.ts";
import { createLoopEvents } from "./loop-events.ts";
import { answerOpenCalls } from "./open-calls.ts";
import { createCallBook, createSummaryCall } from "./call-book.ts";
import { appendQuestion, needsAnswer, textsSinceUser, userMessage } from "./stored-messages.ts";
import { systemMessage } from "./system-message.ts";
import { adaptTool, runTool, toolContext, type ToolAdapterOptions } from "./tool-adapter.ts";
import { noteModel } from "./transcript-head.ts";
import type { PreparedTurn, RunTurnOptions, TurnState } from "./turn-types.ts";
import { addSideUsage } from "./usage.ts";

const SKIPPED = "Skipped due to queued user message.";
const INTERRUPTED =
  "Interrupted: the process stopped while this call ran. Its outcome is unknown. Check before doing it again.";
const NOT_RUN = "Not run: the turn was stopped.";
/** A silent provider is given up after this, so that a fallback still has time. */
const IDLE_TIMEOUT_MS = 300_000;
/** How long the loop may take to wind down after an abort before the turn ends without it. */
const WIND_DOWN_MS = 200;

export interface DriveOptions extends RunTurnOptions {
  prepared: PreparedTurn;
  loop: AgentLoop;
  emit: (event: AgentEvent) => void;
  stop: AbortSignal;
  state: TurnState;
  take(): string[];
  waiting(): number;
  /** From now on `steer` refuses. */
  close(): void;
}

/**
 * Runs pi's loop over the transcript: repairs what an interruption left open, adds the message, keeps the conversation
 * within the model's window, and writes every message down as it completes. Throws what the transcript throws, and the
 * coded errors of budgets and of a conversation that stays too long.
 */
export async function driveLoop(
  options: DriveOptions,
): Promise<{ failures: readonly FailedAttempt[]; ended?: string }> {
  const { prepared, loop, transcript, input, state, emit, stop, clock, log, bounds } = options;
  const { model, thinking } = prepared;
  const adapter: ToolAdapterOptions = {
    agentId: options.agentId,
    sessionKey: options.sessionKey,
    workspace: options.workspace,
    outputDir: options.outputDir,
    signal: stop,
    log,
  };
  const repair = (note: string, tools: readonly Tool[]) =>
    answerOpenCalls({
      transcript,
      tools,
      note,
      now: () => clock.now(),
      rerun: (tool, call) =>
        runTool(
          tool,
          call.arguments,
          toolContext(tool, call.id, adapter, stop, () => {}),
        ),
    });

  await repair(INTERRUPTED, prepared.tools);
  noteModel(transcript, { provider: model.provider, model: model.id, api: model.api, thinking }, clock.now());
  if (input.message) appendQuestion(transcript, input, clock.now());
  // What the interrupted turn had said was never delivered: a turn's texts go out at its end.
  else state.texts.push(...textsSinceUser(transcript));
  if (!needsAnswer(transcript)) return { failures: [] };

  const detector = createLoopDetector();
  const book = createCallBook({ ...options, sessionId: transcript.sessionId });
  const idleTimeoutMs = Math.min(IDLE_TIMEOUT_MS, options.timeoutMs);
  const aside = (answer: AssistantMessage) => void (state.usage = addSideUsage(state.usage, answer));
  let callStartedAt = clock.now();

  const report = () =>
    options.onStatus({
      provider: state.answered?.provider ?? model.provider,
      model: state.answered?.model ?? model.id,
      kind: prepared.kind,
      thinking,
      contextWindow: model.contextWindow,
      contextTokens: state.usage.total,
      input: state.usage.input,
      output: state.usage.output,
      cost: state.usage.cost,
    });
  report();
  const events = createLoopEvents({
    transcript,
    state,
    detector,
    emit,
    onAnswer(answer) {
      book.record(answer, "answer", clock.now() - callStartedAt);
      report();
    },
  });

  const flush = async (messages: AgentMessage[], tokens: number) => {
    // Noted first: a flush that fails is not tried again before every call.
    transcript.append({ type: "custom", customType: FLUSH_ENTRY, data: { timestamp: clock.now(), tokens } });
    await flushMemory({
      prepared,
      loop,
      adapter,
      messages,
      settings: bounds.context.compaction.memoryFlush,
      streams: { idleTimeoutMs, fetch: options.fetch },
      guard: () => book.guard(tokens),
      onAnswer(answer, durationMs) {
        book.record(answer, "memory-flush", durationMs);
        aside(answer);
      },
      timezone: bounds.timezone,
      signal: stop,
      clock,
      log,
    }).catch((error: unknown) =>
      log.warn("Memories could not be written before the compaction.", { error: String(error) }),
    );
  };
  const turnContext = createTurnContext({
    prepared,
    transcript,
    settings: bounds.context,
    guard: book.guard,
    ...(prepared.kind === "llm" ? { ask: createSummaryCall({ ...options, book, signal: stop, onAnswer: aside }) } : {}),
    ...(prepared.mayFlush && canFlush(prepared) ? { flush } : {}),
    emit,
    ...(input.runId ? { runId: input.runId } : {}),
    signal: stop,
    clock,
    log,
  });

  const steeringMessages = (): AgentMessage[] =>
    options.take().map((text) => userMessage(text, clock.now()) as unknown as UserMessage);
  const system = systemMessage(prepared);
  const tools = prepared.tools.map((tool) => adaptTool(tool, adapter));
  const wholeContext = (): AgentContext => ({ messages: [system, ...turnContext.stored()], tools });
  const config: AgentLoopConfig = {
    model,
    ...(thinking === "off" ? {} : { reasoning: thinking }),
    sessionId: transcript.sessionId,
    toolExecution: "sequential",
    transformContext: (messages) => Promise.resolve(turnContext.fit(messages)),
    // Only messages that models know are ever put in.
    convertToLlm: (messages) => messages as Message[],
    prepareRequest: async () => {
      const changed = await turnContext.beforeCall();
      callStartedAt = clock.now();
      return changed ? { context: wholeContext() } : undefined;
    },
    beforeToolCall: ({ toolCall, args, assistantMessage }) => {
      if (events.finishedCalls() > 0 && options.waiting() > 0) return Promise.resolve({ block: true, reason: SKIPPED });
      const decision = prepared.mayUse(toolCall.name, assistantMessage.provider, assistantMessage.model);
      if (!decision.allowed) {
        return Promise.resolve({ block: true, reason: `${toolCall.name} is not allowed here: ${decision.reason}.` });
      }
      const { refuse } = detector.before(toolCall.name, args);
      return Promise.resolve(refuse ? { block: true, reason: refuse } : undefined);
    },
    finishTurn: () => (detector.verdict() ? { action: "end" } : undefined),
    getSteeringMessages: () => Promise.resolve(steeringMessages()),
    getFollowUpMessages: () => {
      const late = steeringMessages();
      if (late.length === 0) options.close();
      return Promise.resolve(late);
    },
  };
  // pi's own stream type is a class; the loop only iterates it and asks for the result.
  type PiStream = Parameters<typeof loop.runAgentLoopContinue>[4];

  /** One run of the loop. Undefined: the last answer is whole. */
  const attempt = async (): Promise<CandidateStreams["failures"] | undefined> => {
    const streams = createCandidateStreams({
      candidates: prepared.candidates,
      clock,
      log,
      idleTimeoutMs,
      fetch: options.fetch,
      onAttempt: (call) => state.attempts.push(call),
      onFallback: (from, to, reason) => {
        events.startOver();
        emit({ stream: "fallback", data: { from, to, reason: SHORT[reason.kind] } });
      },
    });
    await windDown(
      loop.runAgentLoopContinue(wholeContext(), config, events.onEvent, stop, streams.stream as unknown as PiStream),
      stop,
      clock,
    );
    const last = transcript.branch().findLast((entry) => entry.message?.role === "assistant")?.message;
    return last?.["stopReason"] === "error" ? streams.failures : undefined;
  };

  let failures: CandidateStreams["failures"] | undefined;
  try {
    failures = await attempt();
    while (!stop.aborted && isOverflow(failures) && (await turnContext.shrink())) failures = await attempt();
  } finally {
    state.compactions = turnContext.compactions;
    await repair(NOT_RUN, []);
  }
  if (!stop.aborted && isOverflow(failures) && turnContext.shrinks > 0)
    throw stillTooLong(`${model.provider}/${model.id}`);
  const ended = detector.verdict();
  return { failures: failures ?? [], ...(ended ? { ended } : {}) };
}

/** A provider refused the prompt for its length; `shrink` bounds how often that is answered. */
function isOverflow(failures: CandidateStreams["failures"] | undefined): boolean {
  return failures?.some(({ failure }) => failure.kind === "context-overflow") ?? false;
}

/** Waits for the loop, but after an abort only for a moment: a tool that hangs must not hold the turn. */
function windDown(loop: Promise<unknown>, stop: AbortSignal, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    loop.then(() => resolve(), reject);
    const onAbort = () => void clock.after(WIND_DOWN_MS, resolve);
    if (stop.aborted) onAbort();
    else stop.addEventListener("abort", onAbort, { once: true });
  });
}
