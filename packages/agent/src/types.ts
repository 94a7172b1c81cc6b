import type { Clock, Log, OpenClawError } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import type { Transcript } from "@openclaw/core/sessions";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { ExecApprover } from "./approvals/types.ts";
import type { UsageCause, UsageLedger } from "./budget/usage-ledger.ts";
import type { SkillCommand } from "./skills/skill-commands.ts";
import type { ProcessRegistry } from "./tools/exec/process-registry.ts";
import type { PolicyLayer } from "./tools/tool-policy.ts";

/** How an agent is made. Nothing here is read from the process: callers pass what applies. */
export interface AgentOptions {
  /** `[a-z0-9][a-z0-9_-]{0,63}`; decides state paths and the prompt's runtime line. Default `main`. */
  agentId?: string;
  /** Default: empty, which finds a model by itself (keys in `env`, local servers, the built-in rules). */
  config?: OpenClawConfig;
  /** Absolute state directory; auth profiles and models.json live under `agents/<id>/agent`. */
  stateDir: string;
  /** Environment that holds provider keys; commands run with it, those keys left out. Default: empty. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Tools beyond the built-in ones (gateway, plugins). */
  tools?: readonly Tool[];
  /** Default: silent. */
  log?: Log;
  /** Default: the machine's. */
  clock?: Clock;
  fetch?: typeof globalThis.fetch;
  /** Ports to look for local model servers at, by server id (`ollama`, `lmstudio` ...); 0 leaves one out. */
  localPorts?: Readonly<Record<string, number>>;
  /**
   * Where background commands live. Give the same one to the agent that replaces this one after a change of the
   * configuration, and they go on; default: one of its own, ended by `close`.
   */
  processes?: ProcessRegistry;
  /** Where model calls are written down and budgets are looked up. Default: in memory, for this agent alone. */
  usage?: UsageLedger;
  /** Called when a command that `exec` left in the background ends; the gateway makes a system event of it. */
  onBackgroundExit?: (event: BackgroundExit) => void;
  /** Asks people whether a command may run on the host. Absent: nobody can be asked, so `askFallback` decides. */
  approver?: ExecApprover;
  /** Called with what became of a command that waited for an approval; the gateway makes a system event of it. */
  onExecEvent?: (event: ExecEvent) => void;
  /** Names of programs that installed skills need; they count as allowed where `autoAllowSkills` says so. */
  skillBins?: () => readonly string[];
}

export interface ExecEvent {
  sessionKey: string;
  /** `Exec finished|denied|running (gateway id=…)` and what there is to say. */
  text: string;
}

/** What a turn brings for its commands: the session's `/exec` settings, and whether its sender may leave the sandbox. */
export interface ExecAccess {
  host?: string;
  security?: string;
  ask?: string;
  elevated?: {
    /** `on` and `ask`: on the host, approvals apply; `full`: nobody is asked. */
    level: "off" | "on" | "ask" | "full";
    /** Why this sender may not, e.g. which key keeps them out. */
    refused?: string;
  };
}

export interface BackgroundExit {
  sessionKey: string;
  /** The id that the `process` tool knows. */
  processId: string;
  command: string;
  /** Null when a signal ended it. */
  exitCode: number | null;
  /** The last 400 characters it printed. */
  tail: string;
}

export interface TurnInput {
  /** Names the run in logs and in the ledger. Default: a new one. */
  runId?: string;
  /** Canonical session key. Default `agent:<agentId>:main`. */
  sessionKey?: string;
  /** Default: one in memory, kept for the session key as long as the agent lives. */
  transcript?: Transcript;
  /**
   * What the model reads as the user's message. Absent: continue from the transcript as it stands (an interrupted turn
   * is resumed so; its open tool calls are first answered with an "interrupted" result).
   */
  message?: { text: string; images?: { data: string; mimeType: string }[] };
  /** `provider/model` or alias; default: session override, then the agent's. */
  model?: string;
  /**
   * Auth profile this session keeps to: one a person chose is the only one its provider is called with, one that was
   * used before (`auto`) is the first. Default: the one the session used last while the agent lives.
   */
  authProfile?: { id: string; source: "user" | "auto" };
  thinking?: "off" | "minimal" | "low" | "medium" | "high" | "xhigh";
  /** Appended to the system prompt (group intro, sub-agent task). */
  extraSystemPrompt?: string;
  /** Shown in the runtime line and used by tool policy. */
  channel?: string;
  /** What made the agent work; recorded with each model call and looked up in `budgets.causes`. Default `message`. */
  cause?: UsageCause | (string & {});
  /** Minimal prompt for sub-agents; `none` sends the identity line alone. */
  promptMode?: "full" | "minimal" | "none";
  /** Addresses under which the owner writes, for the prompt. */
  owners?: readonly string[];
  /** What the channel can beyond text, for the prompt, e.g. `inlineButtons`. */
  capabilities?: readonly string[];
  /** How freely to react to messages with the `message` tool; absent where the channel cannot. */
  reactions?: "minimal" | "extensive";
  /** Whether people see the reasoning (`off`, `on`, `stream`), for the prompt. */
  reasoning?: string;
  /** Only these skills, by name or key: the `skills` list of a chat. Default: all of the agent's. */
  skills?: readonly string[];
  /** Rules of group, sender, sandbox and sub-agent, in this order, after those of the configuration. */
  toolPolicy?: readonly PolicyLayer[];
  exec?: ExecAccess;
  /** Default: `agents.defaults.timeoutSeconds`. */
  timeoutMs?: number;
  /** Stops the turn, its commands included, within 250 ms. */
  signal?: AbortSignal;
}

export interface Usage {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  /** Prompt and answer of the last model call: what the context window holds now. */
  total: number;
  /** US dollars; 0 when the model's price is unknown or free. */
  cost: number;
}

/** Streams named as on the wire (`agent` events), in the order they happen. */
export type AgentEvent =
  | { stream: "lifecycle"; data: { phase: "start"; startedAt: number } }
  | { stream: "lifecycle"; data: { phase: "end"; endedAt: number } }
  | { stream: "lifecycle"; data: { phase: "error"; endedAt: number; error: string } }
  /** `text` is everything visible so far in this message, `delta` the new part. */
  | { stream: "assistant"; data: { text: string; delta: string } }
  | { stream: "thinking"; data: { text: string; delta: string } }
  | { stream: "tool"; data: { phase: "start"; name: string; toolCallId: string; args: unknown } }
  | { stream: "tool"; data: { phase: "update"; name: string; toolCallId: string; partialResult: unknown } }
  | { stream: "tool"; data: { phase: "result"; name: string; toolCallId: string; isError: boolean; result: unknown } }
  /**
   * Older messages are summarised to make room. `willRetry`: because a provider refused the prompt. `by` is absent when
   * it failed; `checkpoint` means that no model could be asked.
   */
  | { stream: "compaction"; data: { phase: "start" } }
  | {
      stream: "compaction";
      data: {
        phase: "end";
        willRetry: boolean;
        tokensBefore: number;
        tokensAfter?: number;
        by?: "model" | "checkpoint";
      };
    }
  /** A candidate failed and the next one is tried; for logs and verbose sessions. */
  | { stream: "fallback"; data: { from: string; to: string; reason: string } };

export interface TurnResult {
  status: "ok" | "error" | "aborted" | "timeout";
  /** What to deliver, in order. On `error`: one sentence a person understands, with the next step. */
  payloads: { text: string; mediaUrls?: string[] }[];
  provider: string;
  model: string;
  usage: Usage;
  /** Tokens that the chosen model's context window holds; kept in the session entry. Undefined when none was found. */
  contextWindow?: number;
  /** Model calls made, in order, failed candidates included; `profile` is the auth profile used. */
  attempts: { provider: string; model: string; profile?: string; error?: string }[];
  error?: OpenClawError;
  /** Characters of system prompt and tool schemas, per part; kept in the session entry. */
  promptReport?: Record<string, unknown>;
  /** Times that older messages were summarised in this turn to make room; absent for none. */
  compactions?: number;
  /** Messages that `steer` took but no model call has seen, because the turn ended early. Queue them again. */
  unread?: string[];
}

/** One running turn. Iterate it for events; `result` settles after the last one and never rejects. */
export interface Turn extends AsyncIterable<AgentEvent> {
  /** Adds a user message to the running turn. False when the turn can no longer take it: queue it instead. */
  steer(text: string): boolean;
  readonly result: Promise<TurnResult>;
}

export interface ModelInfo {
  id: string;
  name: string;
  provider: string;
  contextWindow?: number;
  reasoning?: boolean;
  input?: string[];
  /** `rules` for the built-in offline provider, else `llm`. */
  kind: "llm" | "rules";
}

export interface CompactInput extends Pick<TurnInput, "sessionKey" | "transcript" | "model" | "signal" | "channel"> {
  /** What the summary shall pay attention to. */
  instructions?: string;
}

export interface CompactResult {
  /** False: there was too little to summarise; nothing was written. */
  compacted: boolean;
  /** Who wrote the summary; a checkpoint is made without a model. */
  by?: "model" | "checkpoint";
  /** Estimates of the next prompt. */
  tokensBefore: number;
  tokensAfter: number;
  contextWindow: number;
  /** Messages and other entries that stay as they are. */
  kept: number;
}

/** Which model a turn would use now, and how that was decided. */
export interface ModelResolution {
  provider: string;
  model: string;
  kind: "llm" | "rules";
  source: "config" | "session" | "env" | "auth-profile" | "local-server" | "offline";
  /** One line for each step that was tried, for `models status` and `doctor`. */
  steps: string[];
}

/** The directory of a session's files. */
export interface Workplace {
  /** On this machine. */
  dir: string;
  /** Set for a sandboxed session: the path that its tools know the directory by. */
  inside?: string;
}

export interface Agent {
  /** Starts a turn. At most one may run for a session; the caller queues. Never throws: failures are in the result. */
  run(input: TurnInput | string): Turn;
  /**
   * Summarises the older part of a conversation now. Waits for a running turn of the session; later turns wait for it.
   * Throws what a turn would end with when the transcript cannot be written; a model that fails is no error.
   */
  compact(input: CompactInput): Promise<CompactResult>;
  /** Every model that a reference may name, the configured ones first. */
  models(): Promise<ModelInfo[]>;
  /** Decides afresh: local servers are asked again, so that starting one needs no restart. */
  resolveModel(reference?: string): Promise<ModelResolution>;
  /**
   * Slash commands that stand for skills, as data for a command list; `reserved` are names that are taken. Read a
   * message with `readSkillCommand` of `@openclaw/agent/skills`: it gives the text to run, or a tool to call.
   */
  skillCommands(reserved?: readonly string[]): Promise<SkillCommand[]>;
  identity(): Promise<{ name: string; emoji?: string; avatar?: string; theme?: string }>;
  /** Where the files are that a session may send. Throws what ends a turn when its sandbox cannot be opened. */
  workplace(sessionKey: string): Promise<Workplace>;
  /** Creates the workspace and its files where missing. Also done before the first turn. */
  prepareWorkspace(): Promise<{ dir: string; created: string[] }>;
  /** Stops running turns and, unless `processes` was given, background commands. */
  close(): Promise<void>;
}
