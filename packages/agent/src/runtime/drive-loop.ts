import type { AgentContext, AgentEvent as PiEvent, AgentLoopConfig, AgentMessage } from "@earendil-works/pi-agent-core";
import type { Message, SystemMessage, UserMessage } from "@earendil-works/pi-ai";
import type { Clock } from "@openclaw/core";
import type { StoredMessage } from "@openclaw/core/sessions";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { AgentEvent } from "../types.ts";
import { createCandidateStreams } from "./candidate-stream.ts";
import { SHORT, type FailedAttempt } from "./failure.ts";
import type { AgentLoop } from "./load-pi.ts";
import { createLoopDetector } from "./loop-detector.ts";
import { answerOpenCalls } from "./open-calls.ts";
import { toPiMessages } from "./pi-messages.ts";
import { appendQuestion, needsAnswer, textsSinceUser, userMessage, visibleText } from "./stored-messages.ts";
import { adaptTool, runTool, toolContext, type ToolAdapterOptions } from "./tool-adapter.ts";
import { noteModel } from "./transcript-head.ts";
import type { PreparedTurn, RunTurnOptions, TurnState } from "./turn-types.ts";
import { addUsage } from "./usage.ts";

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
 * Runs pi's loop over the transcript: repairs what an interruption left open, adds the message, and writes every message
 * down as it completes. Throws only what the transcript throws.
 */
export async function driveLoop(
  options: DriveOptions,
): Promise<{ failures: readonly FailedAttempt[]; ended?: string }> {
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
  if (input.message) appendQuestion(transcript, input, clock.now());
  // What the interrupted turn had said was never delivered: a turn's texts go out at its end.
  else state.texts.push(...textsSinceUser(transcript));
  if (!needsAnswer(transcript)) return { failures: [] };

  const detector = createLoopDetector();
  let visible = { text: "", thinking: "" };
  const streams = createCandidateStreams({
    candidates: prepared.candidates,
    clock,
    log,
    idleTimeoutMs: Math.min(IDLE_TIMEOUT_MS, options.timeoutMs),
    fetch: options.fetch,
    onAttempt: (attempt) => state.attempts.push(attempt),
    onFallback: (from, to, reason) => {
      visible = { text: "", thinking: "" };
      emit({ stream: "fallback", data: { from, to, reason: SHORT[reason.kind] } });
    },
  });
  let finishedCalls = 0;

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
      const text = visibleText(message.content);
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
    beforeToolCall: ({ toolCall, args, assistantMessage }) => {
      if (finishedCalls > 0 && options.waiting() > 0) return Promise.resolve({ block: true, reason: SKIPPED });
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
  const context: AgentContext = {
    messages: [systemMessage(prepared), ...toPiMessages(transcript.messages())],
    tools: prepared.tools.map((tool) => adaptTool(tool, adapter)),
  };
  // pi's own stream type is a class; the loop only iterates it and asks for the result.
  type PiStream = Parameters<typeof loop.runAgentLoopContinue>[4];
  const streamFn = streams.stream as unknown as PiStream;

  try {
    await windDown(loop.runAgentLoopContinue(context, config, onEvent, stop, streamFn), stop, clock);
  } finally {
    await repair(NOT_RUN, []);
  }
  const ended = detector.verdict();
  const last = transcript.branch().findLast((entry) => entry.message?.role === "assistant")?.message;
  const broke = last?.["stopReason"] === "error";
  return { failures: broke ? streams.failures : [], ...(ended ? { ended } : {}) };
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
