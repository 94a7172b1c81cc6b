import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentTool, AgentToolResult } from "@earendil-works/pi-agent-core";
import { OpenClawError, type Log } from "@openclaw/core";
import type { Tool, ToolContent, ToolContext, ToolResult } from "@openclaw/plugin-sdk/tool";
import { keepHead, keepTail } from "../tools/text-limit.ts";

export interface ToolAdapterOptions {
  agentId: string;
  sessionKey: string;
  workspace: string;
  /** Where the full text of a cut result is kept. */
  outputDir: string;
  signal: AbortSignal;
  log: Log;
}

/** A result longer than this is saved whole and shown cut. Characters; about 12,000 tokens. */
const MAX_RESULT_CHARS = 50_000;
const HEAD_CHARS = 30_000;
const TAIL_CHARS = 15_000;
/** A tool that does not react to its signal is left behind after this, so that a turn ends within 250 ms. */
const ABORT_GRACE_MS = 150;

/** Makes a tool of the plugin SDK one of pi's. Arguments have been validated by pi when `execute` runs. */
export function adaptTool(tool: Tool, options: ToolAdapterOptions): AgentTool {
  return {
    name: tool.name,
    label: tool.label,
    description: tool.description,
    parameters: tool.parameters,
    executionMode: "sequential",
    ...(tool.replay ? { replay: tool.replay } : {}),
    async execute(toolCallId, params, signal, onUpdate) {
      const context = toolContext(tool, toolCallId, options, signal, (partial) => onUpdate?.(piResult(partial)));
      const result = await runTool(tool, params as Record<string, unknown>, context).catch((error: unknown) => {
        throw withSavedText(error, toolCallId, options);
      });
      return piResult(limitResult(result, toolCallId, options));
    },
  };
}

/** A failed call may have printed more than it shows as well. */
function withSavedText(error: unknown, toolCallId: string, options: ToolAdapterOptions): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  const fullText = OpenClawError.is(cause) ? cause.details?.["fullText"] : undefined;
  if (!(error instanceof Error) || typeof fullText !== "string") return error;
  return new Error(`${error.message}\n${saveFullText(fullText, toolCallId, options)}`, { cause });
}

export function toolContext(
  tool: Tool,
  toolCallId: string,
  options: ToolAdapterOptions,
  signal: AbortSignal | undefined,
  update: (partial: ToolResult) => void,
): ToolContext {
  return {
    toolCallId,
    agentId: options.agentId,
    sessionKey: options.sessionKey,
    workspace: options.workspace,
    signal: signal ? AbortSignal.any([signal, options.signal]) : options.signal,
    update,
    log: options.log.child(tool.name),
  };
}

/** Runs a tool and settles soon after an abort even if the tool does not. Throws what the model shall read. */
export async function runTool(tool: Tool, params: Record<string, unknown>, context: ToolContext): Promise<ToolResult> {
  let cancel: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    const fail = () => {
      const timer = setTimeout(() => reject(new Error("Stopped: the turn was aborted.")), ABORT_GRACE_MS);
      cancel = () => clearTimeout(timer);
    };
    if (context.signal.aborted) fail();
    else context.signal.addEventListener("abort", fail, { once: true });
  });
  aborted.catch(() => {});
  try {
    return await Promise.race([tool.execute(params, context), aborted]);
  } catch (error) {
    if (OpenClawError.is(error))
      throw new Error(error.hint ? `${error.message} ${error.hint}` : error.message, { cause: error });
    context.log.warn("tool failed", { error: String(error) });
    throw error;
  } finally {
    cancel?.();
  }
}

/** Cuts long texts to beginning and end; the whole text goes to a file that the model can read. */
function limitResult(result: ToolResult, toolCallId: string, options: ToolAdapterOptions): ToolResult {
  const { fullText, details } = takeFullText(result.details);
  const texts = result.content.flatMap((part) => (part.type === "text" ? [part.text] : []));
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  const rest = details === undefined ? {} : { details };
  if (length <= MAX_RESULT_CHARS && fullText === undefined) return { content: result.content, ...rest };
  const note = saveFullText(fullText ?? texts.join("\n"), toolCallId, options);
  const shown = result.content.map((part): ToolContent =>
    part.type === "text" && part.text.length > MAX_RESULT_CHARS
      ? { type: "text", text: `${keepHead(part.text, HEAD_CHARS).text}\n[…]\n${keepTail(part.text, TAIL_CHARS).text}` }
      : part,
  );
  return { content: [...shown, { type: "text", text: note }], ...rest };
}

function saveFullText(text: string, toolCallId: string, { outputDir, log }: ToolAdapterOptions): string {
  try {
    mkdirSync(outputDir, { recursive: true, mode: 0o700 });
    const file = join(outputDir, `${toolCallId.replaceAll(/[^\w.-]/g, "_").slice(0, 80)}.txt`);
    writeFileSync(file, text, { mode: 0o600 });
    return `[Cut: ${text.length} characters in all. The whole text is in ${file}]`;
  } catch (error) {
    log.warn("could not save a long tool result", { error: String(error) });
    return `[Cut: ${text.length} characters in all. The rest could not be saved.]`;
  }
}

/** A tool that cuts by itself hands the whole text over as `details.fullText`; it goes to the file, not to clients. */
function takeFullText(details: unknown): { fullText?: string; details?: unknown } {
  if (typeof details !== "object" || details === null || !("fullText" in details)) return { details };
  const { fullText, ...rest } = details as { fullText?: unknown };
  return { ...(typeof fullText === "string" ? { fullText } : {}), details: rest };
}

function piResult(result: ToolResult): AgentToolResult {
  return { content: result.content, details: (result.details ?? {}) as AgentToolResult["details"] };
}
