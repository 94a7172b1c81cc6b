import type { CliBackend } from "./cli-backend.ts";

/** What a program's output amounts to. */
export interface CliAnswer {
  text: string;
  sessionId?: string;
  /** The program says that it failed; `text` is what it said. */
  failed: boolean;
  usage?: { input: number; output: number; cacheRead: number; cacheWrite: number };
}

const SESSION_FIELDS = ["session_id", "sessionId", "conversation_id", "conversationId", "thread_id"];
const TEXT_FIELDS = ["result", "text", "response", "output", "message", "content"];

/** Reads what was printed. Output that is not of the promised kind is taken as plain text: an answer is an answer. */
export function readCliOutput(
  stdout: string,
  format: CliBackend["output"],
  sessionFields: readonly string[] = SESSION_FIELDS,
): CliAnswer {
  const plain: CliAnswer = { text: stdout.trim(), failed: false };
  if (format === "text") return plain;
  const whole = format === "jsonl" ? undefined : parse(stdout.trim());
  const objects = whole ? [whole] : stdout.split("\n").flatMap((line) => parse(line.trim()) ?? []);
  if (objects.length === 0) return plain;
  const answer: CliAnswer = { text: "", failed: false };
  for (const object of objects.flatMap((item) => (Array.isArray(item) ? item : [item]))) {
    if (!isObject(object)) continue;
    for (const field of sessionFields) {
      if (typeof object[field] === "string" && object[field] !== "") answer.sessionId = object[field];
    }
    const item = object["item"];
    const holder = isObject(item) ? item : object;
    // Streams mix answers with progress; only a message or a result is something said.
    const kind = typeof holder["type"] === "string" ? holder["type"] : "result";
    const text = /message|result|assistant|text/.test(kind) ? textOf(holder) : undefined;
    if (text) answer.text = text;
    answer.failed ||= object["is_error"] === true || kind === "error";
    if (kind === "error" && !text) answer.text = textOf(holder) ?? answer.text;
    if (isObject(object["usage"])) answer.usage = usageOf(object["usage"]);
  }
  return answer;
}

function textOf(value: Record<string, unknown>): string | undefined {
  for (const field of TEXT_FIELDS) {
    const found = value[field];
    if (typeof found === "string" && found.trim() !== "") return found.trim();
    if (isObject(found)) {
      const inner = textOf(found);
      if (inner) return inner;
    }
    if (Array.isArray(found)) {
      const parts = found.flatMap((part: unknown) => (isObject(part) ? (textOf(part) ?? []) : []));
      if (parts.length > 0) return parts.join("\n\n");
    }
  }
  return undefined;
}

function usageOf(usage: Record<string, unknown>): NonNullable<CliAnswer["usage"]> {
  const first = (...names: string[]) => {
    const found = names.map((name) => usage[name]).find((value) => typeof value === "number");
    return typeof found === "number" ? found : 0;
  };
  return {
    input: first("input_tokens", "inputTokens", "prompt_tokens"),
    output: first("output_tokens", "outputTokens", "completion_tokens"),
    cacheRead: first("cache_read_input_tokens", "cached_input_tokens", "cacheReadTokens"),
    cacheWrite: first("cache_creation_input_tokens", "cacheWriteTokens"),
  };
}

function parse(text: string): unknown {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
