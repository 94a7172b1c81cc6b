import type { AgentLoopConfig, AgentMessage } from "@earendil-works/pi-agent-core";
import type { AssistantMessage, Message, UserMessage } from "@earendil-works/pi-ai";
import type { Clock, Log } from "@openclaw/core";
import { createCandidateStreams, type CandidateStreamOptions } from "../runtime/candidate-stream.ts";
import type { AgentLoop } from "../runtime/load-pi.ts";
import { userMessage } from "../runtime/stored-messages.ts";
import { systemMessage } from "../runtime/system-message.ts";
import { adaptTool, type ToolAdapterOptions } from "../runtime/tool-adapter.ts";
import type { PreparedTurn } from "../runtime/turn-types.ts";
import type { CompactionSettings } from "./settings.ts";

export interface MemoryFlushOptions {
  prepared: PreparedTurn;
  loop: AgentLoop;
  adapter: ToolAdapterOptions;
  settings: CompactionSettings["memoryFlush"];
  /** The conversation so far; what the flush adds stays out of it. */
  messages: readonly AgentMessage[];
  streams: Pick<CandidateStreamOptions, "idleTimeoutMs" | "fetch">;
  /** Throws when no further call may be made. */
  guard: () => void;
  onAnswer: (answer: AssistantMessage, durationMs: number) => void;
  timezone: string;
  signal: AbortSignal;
  clock: Clock;
  log: Log;
}

/** What may be used to write memories: files, and looking up what is already there. */
const TOOLS = ["read", "write", "edit", "memory_search", "memory_get"];
/** Writing a few lines takes two or three calls; more is a model that lost itself. */
const MAX_CALLS = 6;

const SYSTEM =
  "The conversation is about to be summarised. This is a silent turn to save what must outlive it; the user sees nothing of it. Call no tool but those for files and memory.";

const prompt = (day: string) =>
  `Save what is worth remembering and not yet written down: decisions, preferences, promises, open work. Append it to memory/${day}.md (read it first when it exists; keep what it says). Never write passwords or keys. Then, or when there is nothing to save, answer NO_REPLY.`;

/** True when this turn could write memories at all. */
export function canFlush({ tools, kind }: Pick<PreparedTurn, "tools" | "kind">): boolean {
  return kind === "llm" && tools.some(({ name }) => name === "write" || name === "edit");
}

/**
 * Lets the model write lasting notes before a compaction, in a turn beside the conversation: its messages are kept
 * nowhere, its files stay. Rejects with what went wrong; the caller goes on without.
 */
export async function flushMemory(options: MemoryFlushOptions): Promise<void> {
  const { prepared, loop, settings, clock, signal } = options;
  const tools = prepared.tools.filter(({ name }) => TOOLS.includes(name));
  // Canada writes dates as files are named.
  const date = new Intl.DateTimeFormat("en-CA", { timeZone: options.timezone, dateStyle: "short" }).format(clock.now());
  const streams = createCandidateStreams({
    candidates: prepared.candidates,
    clock,
    log: options.log,
    ...options.streams,
    onAttempt: () => {},
    onFallback: () => {},
  });
  let calls = 0;
  let startedAt = clock.now();
  const config: AgentLoopConfig = {
    model: prepared.model,
    toolExecution: "sequential",
    convertToLlm: (messages) => messages as Message[],
    prepareRequest: () => {
      options.guard();
      startedAt = clock.now();
      return Promise.resolve(undefined);
    },
    beforeToolCall: ({ toolCall, assistantMessage }) => {
      const decision = prepared.mayUse(toolCall.name, assistantMessage.provider, assistantMessage.model);
      return Promise.resolve(
        decision.allowed
          ? undefined
          : { block: true, reason: `${toolCall.name} is not allowed here: ${decision.reason}.` },
      );
    },
    finishTurn: () => (++calls >= MAX_CALLS ? { action: "end" } : undefined),
  };
  const system = systemMessage({
    systemPrompt: `${prepared.systemPrompt}\n\n${settings.systemPrompt ?? SYSTEM}`,
    tools,
  });
  const question = userMessage(settings.prompt ?? prompt(date), clock.now()) as unknown as UserMessage;
  await loop.runAgentLoopContinue(
    { messages: [system, ...options.messages, question], tools: tools.map((tool) => adaptTool(tool, options.adapter)) },
    config,
    (event) => {
      if (event.type === "message_end" && event.message.role === "assistant")
        options.onAnswer(event.message, clock.now() - startedAt);
    },
    signal,
    streams.stream as unknown as Parameters<typeof loop.runAgentLoopContinue>[4],
  );
  const failure = streams.failures.at(-1);
  if (failure && calls === 0) throw new Error(failure.failure.detail);
}
