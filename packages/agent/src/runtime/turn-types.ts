import type { Api, Model } from "@earendil-works/pi-ai";
import type { Clock, Log } from "@openclaw/core";
import type { Transcript } from "@openclaw/core/sessions";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { Budgets } from "../budget/budget-guard.ts";
import type { UsageLedger } from "../budget/usage-ledger.ts";
import type { ContextSettings } from "../context/settings.ts";
import type { SessionStatus } from "../tools/session-status.ts";
import type { ToolDecision } from "../tools/tool-policy.ts";
import type { TurnInput, TurnResult, Usage } from "../types.ts";
import type { CandidateStreamOptions } from "./candidate-stream.ts";

/** Everything a turn needs that had to be looked up first. */
export interface PreparedTurn {
  candidates: CandidateStreamOptions["candidates"];
  /** The first candidate, or what stands for it when it cannot even be described. */
  model: Model<Api>;
  kind: "llm" | "rules";
  thinking: NonNullable<TurnInput["thinking"]>;
  systemPrompt: string;
  tools: readonly Tool[];
  /** Asked again for each call: a fallback of another provider may be allowed less. */
  mayUse: (tool: string, provider: string, model: string) => ToolDecision;
  promptReport: Record<string, unknown>;
  /** A silent turn may write memories before a compaction. */
  mayFlush: boolean;
}

/** How a turn stays within window and budget. */
export interface TurnBounds {
  context: ContextSettings;
  budgets: Budgets;
  usage: UsageLedger;
  /** IANA zone of the user, in which budgets' days begin. */
  timezone: string;
}

export interface RunTurnOptions {
  input: TurnInput;
  /** Any of these ends the turn. They outlive it: their listeners are taken off at its end. */
  stops: readonly AbortSignal[];
  agentId: string;
  sessionKey: string;
  transcript: Transcript;
  workspace: string;
  outputDir: string;
  timeoutMs: number;
  clock: Clock;
  log: Log;
  fetch: typeof globalThis.fetch;
  bounds: TurnBounds;
  /** Resolves models, builds prompt and tools. May throw an `OpenClawError`, which ends the turn with its sentence. */
  prepare(): Promise<PreparedTurn>;
  /** Told while the turn runs, for the status tool. */
  onStatus(status: SessionStatus): void;
}

/** What a turn has done so far. */
export interface TurnState {
  usage: Usage;
  attempts: TurnResult["attempts"];
  /** Visible texts of the finished assistant messages. */
  texts: string[];
  answered: { provider: string; model: string } | undefined;
  toolCalls: number;
  /** Times that older messages were summarised to make room. */
  compactions: number;
}
