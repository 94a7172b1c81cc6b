import type { ScriptedUsage } from "../reply.ts";

export type WireName = "openai-completions" | "openai-responses" | "anthropic-messages" | "google-generative-ai";

/** A request as every wire tells it. */
export interface ReadRequest {
  model: string;
  /** System prompt, all parts joined. */
  system: string;
  /** Text of the newest user message. */
  lastUserText: string;
  /** Results that came after the newest assistant message. */
  toolResults: { id: string; text: string }[];
  /** Names of the offered tools. */
  tools: string[];
  /** Messages without the system prompt. */
  messageCount: number;
}

interface EndOfAnswer {
  stop: "stop" | "length" | "tool";
  usage: Required<ScriptedUsage>;
}

/** Writes one streamed answer. Each method returns the text to send. */
export interface AnswerWriter {
  begin(): string;
  thinking(delta: string): string;
  text(delta: string): string;
  toolCall(call: { id: string; name: string; json: string }): string;
  end(end: EndOfAnswer): string;
}

export interface Wire {
  name: WireName;
  /** The path of a POST that belongs to this wire. */
  matches(path: string): boolean;
  read(body: Record<string, unknown>, path: string): ReadRequest;
  writer(model: string): AnswerWriter;
  errorBody(status: number, message: string, headers?: Readonly<Record<string, string>>): unknown;
}

/** One SSE frame. */
export function frame(data: unknown, event?: string): string {
  return `${event ? `event: ${event}\n` : ""}data: ${JSON.stringify(data)}\n\n`;
}

/** Text of a content field in any of the shapes the wires use. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part: { text?: unknown; output?: unknown }) => (typeof part?.text === "string" ? part.text : ""))
    .join("");
}

export interface LooseMessage {
  role?: string;
  type?: string;
  content?: unknown;
  [field: string]: unknown;
}

export function stringOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function list(value: unknown): LooseMessage[] {
  return Array.isArray(value) ? (value as LooseMessage[]) : [];
}
