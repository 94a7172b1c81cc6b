import type { Log } from "@openclaw/core";

/** A JSON Schema object (a TypeBox schema is one). */
export type JsonSchema = Readonly<Record<string, unknown>>;

export type ToolContent = { type: "text"; text: string } | { type: "image"; data: string; mimeType: string };

export interface ToolResult {
  /** What the model reads. `image.data` is base64. */
  content: ToolContent[];
  /** Plain JSON for user interfaces; never sent to the model. */
  details?: unknown;
}

/** What a tool may know about the turn that calls it. Made by the agent for each call. */
export interface ToolContext {
  toolCallId: string;
  agentId: string;
  sessionKey: string;
  /** Absolute path; relative path arguments are resolved against it. */
  workspace: string;
  /** Aborts when the turn is stopped. A tool must settle within 250 ms of it, child processes included. */
  signal: AbortSignal;
  /** Streams a partial result to user interfaces. */
  update(partial: ToolResult): void;
  log: Log;
}

/** A capability the model can call. Throw `OpenClawError` on failure: its message and hint are what the model reads. */
export interface Tool<Params = Record<string, unknown>> {
  /** `[a-z][a-z0-9_]*` */
  name: string;
  /** For people, in tool cards. */
  label: string;
  /** For the model; every turn pays for its length. */
  description: string;
  /** Arguments are validated against this before `execute` is called. */
  parameters: JsonSchema;
  /** After a crash in the middle of a call: may it simply be run again? Default "never". */
  replay?: "safe" | "never";
  execute(params: Params, context: ToolContext): Promise<ToolResult>;
}
