export { DEFAULT_AGENT_ID, normalizeAgentId } from "./agent-id.ts";
export { type ParsedSessionKey, parseSessionKey } from "./parse-session-key.ts";
export { assertSessionId, forkFileName, sessionKeyFileName, transcriptFileName } from "./session-files.ts";
export {
  acpSessionKey,
  canonicalSessionKey,
  chatSessionKey,
  cronSessionKey,
  type DmScope,
  GLOBAL_SESSION_KEY,
  hookSessionKey,
  httpSessionKey,
  linkedIdentity,
  mainSessionKey,
  nodeSessionKey,
  type SessionKeySettings,
  type SessionPeer,
  slashSessionKey,
  splitSessionKey,
  subagentSessionKey,
} from "./session-key.ts";
export { contextMessages, pairToolResults } from "./context-messages.ts";
export { type DroppedLine, repairTranscript, type TranscriptRepair } from "./repair-transcript.ts";
export { openTranscript, type TranscriptOptions } from "./transcript.ts";
export { forkTranscript, readRecentEntries } from "./transcript-excerpt.ts";
export type { TranscriptHeader } from "./transcript-line.ts";
export type { StoredMessage, Transcript, TranscriptEntry } from "./transcript-types.ts";
export { freshEntry, type DeliveryContext, type SessionEntry } from "./session-entry.ts";
export {
  createSessionStore,
  type ListOptions,
  type SessionJournal,
  type SessionPatch,
  type SessionStore,
  type SessionStoreOptions,
} from "./session-store.ts";
export {
  isStale,
  lastBoundary,
  resetPolicyFor,
  resetTypeOf,
  type ResetPolicy,
  type ResetRule,
  type ResetSettings,
  type ResetType,
} from "./reset-policy.ts";
export {
  DEFAULT_RESET_TRIGGERS,
  type ModelCandidates,
  parseResetTrigger,
  type ResetRequest,
  takeModel,
} from "./reset-trigger.ts";
export { historyLimit, type HistorySettings, lastUserTurns } from "./history-limit.ts";
