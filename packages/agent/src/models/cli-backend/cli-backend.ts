import type { Api, Model } from "@earendil-works/pi-ai";
import { normalizeProvider, type ModelRef } from "../reference.ts";

/** `agents.defaults.cliBackends.<name>`: a program that answers in text. */
export interface CliBackend {
  command?: string;
  args?: string[];
  resumeArgs?: string[];
  output?: "json" | "text" | "jsonl";
  resumeOutput?: "json" | "text" | "jsonl";
  input?: "arg" | "stdin";
  maxPromptArgChars?: number;
  env?: Record<string, string>;
  clearEnv?: string[];
  modelArg?: string;
  modelAliases?: Record<string, string>;
  sessionArg?: string;
  sessionArgs?: string[];
  sessionMode?: "always" | "existing" | "none";
  sessionIdFields?: string[];
  systemPromptArg?: string;
  systemPromptMode?: "append" | "replace";
  systemPromptWhen?: "first" | "always" | "never";
  imageArg?: string;
  imageMode?: "repeat" | "list";
  serialize?: boolean;
  timeoutSeconds?: number;
}

/** A backend that can be run. */
export type ReadyCliBackend = CliBackend & { name: string; command: string };

/** No tools, no MCP servers, no settings of a project: this is a model that talks, whatever else the program can do. */
const CLAUDE_ARGS = ["-p", "--output-format", "json", "--tools", "", "--strict-mcp-config"];

const BUILT_IN: Readonly<Record<string, CliBackend>> = {
  "claude-cli": {
    command: "claude",
    args: CLAUDE_ARGS,
    resumeArgs: [...CLAUDE_ARGS, "--resume", "{sessionId}"],
    output: "json",
    input: "stdin",
    modelArg: "--model",
    modelAliases: {
      "claude-opus-4-6": "opus",
      "claude-opus-4-5": "opus",
      "claude-sonnet-4-5": "sonnet",
      "claude-haiku-4-5": "haiku",
    },
    sessionArg: "--session-id",
    sessionMode: "always",
    sessionIdFields: ["session_id"],
    systemPromptArg: "--append-system-prompt",
    systemPromptWhen: "first",
    // Its own sign-in, not a metered key that happens to be set.
    clearEnv: ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"],
    serialize: true,
  },
};

/** Defaults with the user's settings over them. Undefined: the name is no backend. */
export function cliBackend(
  name: string,
  configured: Readonly<Record<string, CliBackend>>,
): ReadyCliBackend | undefined {
  const own = Object.entries(configured).find(([key]) => normalizeProvider(key) === name)?.[1];
  const base = BUILT_IN[name];
  const command = own?.command ?? base?.command;
  if (!command) return undefined;
  const replaces = name === "claude-cli" && own?.systemPromptMode === "replace" && !own.systemPromptArg;
  return { ...base, ...own, ...(replaces ? { systemPromptArg: "--system-prompt" } : {}), name, command };
}

/** Longest call, ms. Nothing is heard of a program before it ends. */
export function cliTimeoutMs({ timeoutSeconds = 600 }: CliBackend): number {
  return timeoutSeconds * 1000;
}

/** What stands for pi's description of a model. The program knows its own window; ours decides when to summarise. */
export function cliModel(ref: ModelRef, backend: ReadyCliBackend): Model<Api> {
  return {
    id: ref.model,
    name: `${ref.model} through ${backend.command}`,
    provider: ref.provider,
    api: "cli",
    baseUrl: "",
    reasoning: false,
    input: backend.imageArg ? ["text", "image"] : ["text"],
    cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    contextWindow: 200_000,
    maxTokens: 8192,
  };
}
