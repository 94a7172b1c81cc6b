import { isRecord } from "../wire/narrow.ts";
import type { LiveRun, Part, ToolCall } from "./model.ts";
import { textOf } from "./model.ts";
import { readParts, resultText } from "./read-message.ts";

/** Payload of an `agent` event. */
export interface AgentEvent {
  runId: string;
  stream: string;
  data: Record<string, unknown>;
}

/** Payload of a `chat` event. */
export interface ChatEvent {
  runId: string;
  state: "delta" | "final" | "aborted" | "error";
  message?: unknown;
  errorMessage?: string;
}

export function startRun(runId: string, at: number, fromStart: boolean): LiveRun {
  return { runId, at, parts: [], state: "running", fromStart, agentStream: false };
}

/** The run after one `agent` event. A run that has ended takes no more of them. */
export function applyAgentEvent(run: LiveRun, { stream, data }: AgentEvent): LiveRun {
  if (run.state !== "running") return run;
  switch (stream) {
    case "assistant":
      return typeof data.text === "string"
        ? { ...run, agentStream: true, parts: withText(run.parts, "text", data.text) }
        : run;
    case "thinking":
      return typeof data.text === "string" ? { ...run, parts: withText(run.parts, "thinking", data.text) } : run;
    case "tool":
      return { ...run, parts: withTool(run.parts, data) };
    case "compaction":
      return data.phase === "start" ? withNote(run, "Making room: earlier messages are being summarised.") : run;
    case "fallback":
      return withNote(run, `${String(data.from)} did not answer (${String(data.reason)}). Trying ${String(data.to)}.`);
    default:
      return run;
  }
}

/** The run after one `chat` event; `revision` is kept when it ends there. */
export function applyChatEvent(run: LiveRun, event: ChatEvent, revision: number): LiveRun {
  const text = isRecord(event.message) ? textOf(readParts(event.message.content)) : "";
  const ended = { endedAtRevision: revision, parts: settled(run.parts) };
  switch (event.state) {
    case "delta":
      return run.agentStream || run.state !== "running" ? run : { ...run, parts: withText(run.parts, "text", text) };
    case "final":
      // What was streamed may hold more (directives) or less: the final message is what the person is meant to read.
      return { ...run, ...ended, state: "done", parts: withText(ended.parts, "text", text) };
    case "aborted":
      return { ...run, ...ended, state: "stopped" };
    default:
      return { ...run, ...ended, state: "failed", error: event.errorMessage || "The turn failed." };
  }
}

/**
 * Streams carry all text so far, of the message or of the whole run. Text before a tool call stays where it is; what is
 * new goes after it.
 */
function withText(parts: readonly Part[], kind: "text" | "thinking", text: string): Part[] {
  const open = parts.at(-1);
  const before = open?.kind === kind ? parts.slice(0, -1) : parts;
  const earlier = before.flatMap((part) => (part.kind === kind ? [part.text] : []));
  const fresh = withoutEarlier(text, earlier);
  if (fresh.trim() === "") return [...parts];
  return [...before, { kind, text: fresh }];
}

function withoutEarlier(text: string, earlier: readonly string[]): string {
  let rest = text;
  for (const piece of earlier) {
    const trimmed = rest.trimStart();
    if (!trimmed.startsWith(piece.trim())) return rest === text ? text : rest;
    rest = trimmed.slice(piece.trim().length);
  }
  return earlier.length > 0 ? rest.trimStart() : rest;
}

function withTool(parts: readonly Part[], data: Record<string, unknown>): Part[] {
  const id = String(data.toolCallId);
  const index = parts.findIndex((part) => part.kind === "tool" && part.call.id === id);
  const known = parts[index];
  const call: ToolCall =
    known?.kind === "tool" ? { ...known.call } : { id, name: String(data.name), args: data.args, state: "running" };
  if (data.phase === "update") call.result = resultText(data.partialResult) ?? call.result;
  if (data.phase === "result") {
    call.state = data.isError === true ? "failed" : "done";
    call.result = resultText(data.result) ?? call.result;
  }
  const part: Part = { kind: "tool", call };
  return index < 0 ? [...parts, part] : parts.with(index, part);
}

function withNote(run: LiveRun, text: string): LiveRun {
  return { ...run, parts: [...run.parts, { kind: "note", text }] };
}

/** No spinner outlives its run: a call without a result event ends as unknown until the history tells. */
function settled(parts: readonly Part[]): Part[] {
  return parts.map((part) =>
    part.kind === "tool" && part.call.state === "running"
      ? { kind: "tool", call: { ...part.call, state: "unknown" } }
      : part,
  );
}
