export {
  createModelAuth,
  type ModelAuth,
  type ModelAuthOptions,
  type ProfileStatus,
  type ProviderAuthStatus,
} from "./auth/model-auth.ts";
export type { LoginInteraction } from "./auth/oauth-flows.ts";
export { createAgent } from "./create-agent.ts";
export {
  createMemoryLedger,
  type Spent,
  type SpentQuery,
  type UsageCause,
  type UsageLedger,
  type UsageRecord,
} from "./budget/usage-ledger.ts";
export { createMemoryTranscript } from "./runtime/memory-transcript.ts";
export { childEnv } from "./tools/exec/child-env.ts";
export { createProcessRegistry, type ProcessRegistry } from "./tools/exec/process-registry.ts";
export { decideTool, type PolicyLayer, type ToolDecision, type ToolQuestion } from "./tools/tool-policy.ts";
export type { ToolRules } from "./settings.ts";
export type {
  Agent,
  AgentEvent,
  AgentOptions,
  BackgroundExit,
  ExecAccess,
  ExecEvent,
  CompactInput,
  CompactResult,
  ModelInfo,
  ModelResolution,
  Turn,
  TurnInput,
  TurnResult,
  Usage,
  Workplace,
} from "./types.ts";
