import type { AgentContext, AgentEvent as PiEvent, AgentLoopConfig, AgentMessage } from "@earendil-works/pi-agent-core";
import type { Api, AssistantMessage, Message, Model, SystemMessage, UserMessage } from "@earendil-works/pi-ai";
import { OpenClawError, type Clock, type Log } from "@openclaw/core";
import type { StoredMessage, Transcript } from "@openclaw/core/sessions";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { SessionStatus } from "../tools/session-status.ts";
import type { AgentEvent, Turn, TurnInput, TurnResult, Usage } from "../types.ts";
import { createCandidateStreams, type CandidateStreamOptions } from "./candidate-stream.ts";
import { createEventQueue } from "./event-queue.ts";
import { classifyFailure, SHORT, turnError, type FailedAttempt } from "./failure.ts";
import { loadAgentLoop } from "./load-pi.ts";
import { createLoopDetector } from "./loop-detector.ts";
import { answerOpenCalls } from "./open-calls.ts";
import { adaptTool, runTool, toolContext, type ToolAdapterOptions } from "./tool-adapter.ts";
import { noteModel } from "./transcript-head.ts";
import { addUsage, emptyUsage } from "./usage.ts";

/** Everything a turn needs that had to be looked up first. */
export interface PreparedTurn {
  candidates: CandidateStreamOptions["candidates"];
  /** The first candidate, or what stands for it when it cannot even be described. */
  model: Model<Api>;
  kind: "llm" | "rules";
  thinking: NonNullable<TurnInput["thinking"]>;
  systemPrompt: string;
  tools: readonly Tool[];
  promptReport: Record<string, unknown>;
}

export interface RunTurnOptions {
  input: TurnInput;
  agentId: string;
  sessionKey: string;
  transcript: Transcript;
  workspace: string;
  outputDir: string;
  timeoutMs: number;
  clock: Clock;
  log: Log;
  fetch: typeof globalThis.fetch;
  /** Resolves models, builds prompt and tools. May throw an `OpenClawError`, which ends the turn with its sentence. */
  prepare(): Promise<PreparedTurn>;
  /** Told while the turn runs, for the status tool. */
  onStatus(status: SessionStatus): void;
}

const SKIPPED = "Skipped due to queued user message.";
const INTERRUPTED =
  "Interrupted: the process stopped while this call ran. Its outcome is unknown. Check before doing it again.";
const NOT_RUN = "Not run: the turn was stopped.";
/** A silent provider is given up after this, so that a fallback still has time. */
const IDLE_TIMEOUT_MS = 300_000;
/** How long the loop may take to wind down after an abort before the turn ends without it. */
const WIND_DOWN_MS = 200;

/** Starts a turn at once; preparing, asking and tools happen behind the returned object. */
export function runTurn(options: RunTurnOptions): Turn {
  const { input, transcript, clock, log } = options;
  const events = createEventQueue<AgentEvent>();
  const emit = (event: AgentEvent) => events.push(event);
  const stop = new AbortController();
  let timedOut = false;
  const steering: string[] = [];
  let open = true;

  const onAbort = () => stop.abort(new Error("aborted"));
  if (input.signal?.aborted) onAbort();
  else input.signal?.addEventListener("abort", onAbort, { once: true });
  const cancelTimeout = clock.after(options.timeoutMs, () => {
    timedOut = true;
    stop.abort(new Error("timeout"));
  });

  const state: TurnState = { usage: emptyUsage(), attempts: [], texts: [], answered: undefined, toolCalls: 0 };
  const take = () => steering.splice(0);

  const work = async (): Promise<TurnResult> => {
    emit({ stream: "lifecycle", data: { phase: "start", startedAt: clock.now() } });
    let prepared: PreparedTurn | undefined;
    let failures: readonly FailedAttempt[] = [];
    let ended: string | undefined;
    let failed: OpenClawError | undefined;
    try {
      const [loop, ready] = await Promise.all([loadAgentLoop(), options.prepare()]);
      prepared = ready;
      const run = await driveLoop({
        ...options,
        prepared,
        loop,
        emit,
        stop: stop.signal,
        state,
        take,
        close: () => (open = false),
        waiting: () => steering.length,
      });
      failures = run.failures;
      ended = run.ended;
    } catch (error) {
      if (!stop.signal.aborted) failed = asTurnError(error, log);
      if (!prepared) keepMessage(transcript, input, clock);
    }
    open = false;
    const outcome = decideOutcome({
      aborted: stop.signal.aborted,
      timedOut,
      failed,
      failures,
      ended,
      state,
      timeoutMs: options.timeoutMs,
    });
    const unread = take();
    return {
      ...outcome,
      provider: state.answered?.provider ?? prepared?.model.provider ?? "",
      model: state.answered?.model ?? prepared?.model.id ?? "",
      usage: state.usage,
      attempts: state.attempts,
      ...(prepared ? { promptReport: prepared.promptReport } : {}),
      ...(unread.length > 0 ? { unread } : {}),
    };
  };

  const result = work().then((value) => {
    cancelTimeout();
    input.signal?.removeEventListener("abort", onAbort);
    const endedAt = clock.now();
    if (value.status === "ok" || value.status === "aborted")
      emit({ stream: "lifecycle", data: { phase: "end", endedAt } });
    else {
      const error = value.error
        ? `${value.error.message}${value.error.hint ? ` ${value.error.hint}` : ""}`
        : value.status;
      emit({ stream: "lifecycle", data: { phase: "error", endedAt, error } });
    }
    events.end();
    return value;
  });

  return {
    steer(text) {
      if (!open || stop.signal.aborted) return false;
      steering.push(text);
      return true;
    },
    result,
    [Symbol.asyncIterator]: () => events[Symbol.asyncIterator](),
  };
}

interface TurnState {
  usage: Usage;
  attempts: TurnResult["attempts"];
  /** Visible texts of the finished assistant messages. */
  texts: string[];
  answered: { provider: string; model: string } | undefined;
  toolCalls: number;
}

interface DriveOptions extends RunTurnOptions {
  prepared: PreparedTurn;
  loop: Awaited<ReturnType<typeof loadAgentLoop>>;
  emit(event: AgentEvent): void;
  stop: AbortSignal;
  state: TurnState;
  take(): string[];
  waiting(): number;
  /** From now on `steer` refuses. */
  close(): void;
}

async function driveLoop(options: DriveOptions): Promise<{ failures: readonly FailedAttempt[]; ended?: string }> {
  const { prepared, transcript, emit, stop, state, clock, log, input, loop } = options;
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
  const { model, thinking } = prepared;
  noteModel(transcript, { provider: model.provider, model: model.id, api: model.api, thinking }, clock.now());
  if (input.message) transcript.appendMessage(userMessage(input.message.text, clock.now(), input.message.images));
  if (!needsAnswer(transcript)) return { failures: [] };

  const detector = createLoopDetector();
  const streams = createCandidateStreams({
    candidates: prepared.candidates,
    clock,
    log,
    idleTimeoutMs: Math.min(IDLE_TIMEOUT_MS, options.timeoutMs),
    fetch: options.fetch,
    onAttempt: (attempt) => state.attempts.push(attempt),
    onFallback: (from, to, reason) => emit({ stream: "fallback", data: { from, to, reason: SHORT[reason.kind] } }),
  });
  let finishedCalls = 0;
  let visible = { text: "", thinking: "" };

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

  const onEvent = (event: PiEvent): void => {
    switch (event.type) {
      case "message_start":
        if (event.message.role === "assistant") {
          visible = { text: "", thinking: "" };
          finishedCalls = 0;
          detector.modelCall();
        }
        return;
      case "message_update": {
        const update = event.assistantMessageEvent;
        if (update.type === "text_delta") {
          visible.text += update.delta;
          emit({ stream: "assistant", data: { text: visible.text, delta: update.delta } });
        } else if (update.type === "text_start" && visible.text !== "") {
          // A second block of one message stands on its own line.
          visible.text += "\n\n";
        } else if (update.type === "thinking_delta") {
          visible.thinking += update.delta;
          emit({ stream: "thinking", data: { text: visible.thinking, delta: update.delta } });
        }
        return;
      }
      case "message_end":
        keep(event.message);
        return;
      case "tool_execution_start":
        state.toolCalls++;
        emit({
          stream: "tool",
          data: { phase: "start", name: event.toolName, toolCallId: event.toolCallId, args: event.args },
        });
        return;
      case "tool_execution_update":
        emit({
          stream: "tool",
          data: {
            phase: "update",
            name: event.toolName,
            toolCallId: event.toolCallId,
            partialResult: event.partialResult,
          },
        });
        return;
      case "tool_execution_end":
        finishedCalls++;
        detector.after(event.isError);
        emit({
          stream: "tool",
          data: {
            phase: "result",
            name: event.toolName,
            toolCallId: event.toolCallId,
            isError: event.isError,
            result: event.result,
          },
        });
        return;
      default:
    }
  };

  const keep = (message: AgentMessage): void => {
    if (message.role === "assistant") {
      state.usage = addUsage(state.usage, message);
      const broken = message.stopReason === "error" || message.stopReason === "aborted";
      if (!broken) state.answered = { provider: message.provider, model: message.model };
      const text = visibleText(message);
      if (text !== "") state.texts.push(text);
      // A call that never said anything leaves no trace but its error; an empty aborted one not even that.
      if (broken && message.content.length === 0 && message.stopReason === "aborted") return;
      report();
    }
    if (message.role === "system") return;
    transcript.appendMessage(message as unknown as StoredMessage);
  };

  const steeringMessages = (): AgentMessage[] =>
    options.take().map((text) => userMessage(text, clock.now()) as unknown as UserMessage);
  const config: AgentLoopConfig = {
    model,
    ...(thinking === "off" ? {} : { reasoning: thinking }),
    sessionId: transcript.sessionId,
    toolExecution: "sequential",
    // Only messages that models know are ever put in.
    convertToLlm: (messages) => messages as Message[],
    beforeToolCall: ({ toolCall, args }) => {
      if (finishedCalls > 0 && options.waiting() > 0) return Promise.resolve({ block: true, reason: SKIPPED });
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
  const context: AgentContext = {
    messages: [systemMessage(prepared), ...(transcript.messages() as unknown as AgentMessage[])],
    tools: prepared.tools.map((tool) => adaptTool(tool, adapter)),
  };
  // pi's own stream type is a class; the loop only iterates it and asks for the result.
  type PiStream = Parameters<typeof loop.runAgentLoopContinue>[4];
  const streamFn = streams.stream as unknown as PiStream;

  try {
    await windDown(
      loop.runAgentLoopContinue(context, config, onEvent, stop, streamFn).then(() => {}),
      stop,
      clock,
    );
  } finally {
    await repair(NOT_RUN, []);
  }
  const ended = detector.verdict();
  const last = transcript.branch().findLast((entry) => entry.message?.role === "assistant")?.message;
  const broke = last?.["stopReason"] === "error";
  return { failures: broke ? streams.failures : [], ...(ended ? { ended } : {}) };
}

/** Waits for the loop, but after an abort only for a moment: a tool that hangs must not hold the turn. */
function windDown(loop: Promise<void>, stop: AbortSignal, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    loop.then(resolve, reject);
    const onAbort = () => void clock.after(WIND_DOWN_MS, resolve);
    if (stop.aborted) onAbort();
    else stop.addEventListener("abort", onAbort, { once: true });
  });
}

/** False when the last message is a finished answer: a resumed turn that had only its end left to report. */
function needsAnswer(transcript: Transcript): boolean {
  const last = transcript.messages().at(-1);
  return (
    last !== undefined &&
    (last.role !== "assistant" || last["stopReason"] === "error" || last["stopReason"] === "aborted")
  );
}

function systemMessage({ systemPrompt, tools }: PreparedTurn): SystemMessage {
  return {
    role: "system",
    content: systemPrompt,
    timestamp: 0,
    ...(tools.length > 0
      ? {
          toolsAdded: tools.map(({ name, description, parameters }) => ({
            name,
            description,
            parameters: parameters as NonNullable<SystemMessage["toolsAdded"]>[number]["parameters"],
          })),
        }
      : {}),
  };
}

function userMessage(
  text: string,
  now: number,
  images: readonly { data: string; mimeType: string }[] = [],
): StoredMessage {
  return {
    role: "user",
    content: [{ type: "text", text }, ...images.map((image) => ({ type: "image", ...image }))],
    timestamp: now,
  };
}

/** A message whose turn could not even start is still part of the conversation. */
function keepMessage(transcript: Transcript, input: TurnInput, clock: Clock): void {
  if (!input.message) return;
  try {
    transcript.appendMessage(userMessage(input.message.text, clock.now(), input.message.images));
  } catch {
    // The transcript is what failed; the result says so.
  }
}

function visibleText(message: AssistantMessage): string {
  return message.content
    .flatMap((block) => (block.type === "text" ? [block.text] : []))
    .join("\n\n")
    .trim();
}

function asTurnError(error: unknown, log: Log): OpenClawError {
  if (OpenClawError.is(error)) return error;
  log.error("turn failed", { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ENOSPC") {
    return new OpenClawError({
      code: "DISK_FULL",
      message: "The disk is full: the conversation cannot be saved.",
      hint: "Free some space and send the message again.",
      cause: error,
    });
  }
  if (code === "EACCES" || code === "EROFS") {
    return new OpenClawError({
      code: "STATE_READ_ONLY",
      message: "The state directory cannot be written.",
      hint: "Check its owner and permissions.",
      cause: error,
    });
  }
  return new OpenClawError({
    code: "TURN_FAILED",
    message: `The turn failed: ${classifyFailure(error instanceof Error ? error.message : String(error)).detail}`,
    hint: "The log has the details (openclaw logs).",
    cause: error,
  });
}

interface OutcomeInput {
  aborted: boolean;
  timedOut: boolean;
  failed: OpenClawError | undefined;
  failures: readonly FailedAttempt[];
  ended: string | undefined;
  state: TurnState;
  timeoutMs: number;
}

function decideOutcome(input: OutcomeInput): Pick<TurnResult, "status" | "payloads" | "error"> {
  const said = input.state.texts.map((text) => ({ text }));
  const withError = (status: TurnResult["status"], error: OpenClawError) => ({
    status,
    payloads: [...said, { text: error.hint ? `${error.message} ${error.hint}` : error.message }],
    error,
  });
  if (input.timedOut) {
    const seconds = Math.round(input.timeoutMs / 1000);
    return withError(
      "timeout",
      new OpenClawError({
        code: "TURN_TIMEOUT",
        message: `I stopped: the turn took longer than ${seconds} s.`,
        hint: "Ask for a smaller step, or raise agents.defaults.timeoutSeconds.",
      }),
    );
  }
  if (input.aborted) return { status: "aborted", payloads: said };
  if (input.failed) return withError("error", input.failed);
  if (input.failures.length > 0) return withError("error", turnError(input.failures));
  if (input.ended) {
    return withError(
      "error",
      new OpenClawError({ code: "TURN_LOOP", message: input.ended, hint: "Tell me what to do differently." }),
    );
  }
  if (said.length === 0 && input.state.answered && input.state.toolCalls === 0) {
    const { provider, model } = input.state.answered;
    return withError(
      "error",
      new OpenClawError({
        code: "MODEL_EMPTY",
        message: `${provider}/${model} sent an empty answer.`,
        hint: "Send the message again, or pick another model with /model.",
      }),
    );
  }
  return { status: "ok", payloads: said };
}
