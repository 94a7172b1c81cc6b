export type {
  Agent,
  AgentEvent,
  AgentOptions,
  ModelInfo,
  ModelResolution,
  Turn,
  TurnInput,
  TurnResult,
  Usage,
} from "./types.ts";
