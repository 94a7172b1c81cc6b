/** Where replies of a session go. */
export interface DeliveryContext {
  channel?: string;
  to?: string;
  accountId?: string;
  threadId?: string | number;
}

/**
 * One session's entry in `sessions.json`. Fields that are not named here are kept as they are, so that newer and older
 * installations can share the file.
 */
export interface SessionEntry {
  /** UUID; names the transcript. */
  sessionId: string;
  /** Epoch ms of the last activity. Never decreases. */
  updatedAt: number;
  /** Absolute path of the transcript when it is not `<sessionId>.jsonl` beside the store. */
  sessionFile?: string;
  /** Key of the session that spawned this one. */
  spawnedBy?: string;
  /** At most 64 characters, unique in the store. */
  label?: string;
  displayName?: string;

  systemSent?: boolean;
  abortedLastRun?: boolean;
  compactionCount?: number;

  thinkingLevel?: string;
  verboseLevel?: string;
  reasoningLevel?: string;
  elevatedLevel?: string;
  responseUsage?: string;
  ttsAuto?: string;
  execHost?: string;
  execSecurity?: string;
  execAsk?: string;
  execNode?: string;

  providerOverride?: string;
  modelOverride?: string;
  authProfileOverride?: string;
  modelProvider?: string;
  model?: string;
  contextTokens?: number;
  inputTokens?: number;
  outputTokens?: number;
  /** Tokens of the last prompt, cache included. */
  totalTokens?: number;

  queueMode?: string;
  queueDebounceMs?: number;
  queueCap?: number;
  queueDrop?: string;
  sendPolicy?: "allow" | "deny";
  groupActivation?: "mention" | "always";
  groupActivationNeedsSystemIntro?: boolean;

  chatType?: "direct" | "group" | "channel";
  channel?: string;
  groupId?: string;
  subject?: string;
  groupChannel?: string;
  space?: string;
  deliveryContext?: DeliveryContext;
  lastChannel?: string;
  lastTo?: string;
  lastAccountId?: string;
  lastThreadId?: string | number;
  origin?: Record<string, unknown>;

  [field: string]: unknown;
}

/** Counters and caches that belong to one transcript and mean nothing for the next. */
const transcriptFields = [
  "sessionFile",
  "systemSent",
  "abortedLastRun",
  "compactionCount",
  "memoryFlushAt",
  "memoryFlushCompactionCount",
  "inputTokens",
  "outputTokens",
  "totalTokens",
  "contextTokens",
  "cliSessionIds",
  "claudeCliSessionId",
  "skillsSnapshot",
  "systemPromptReport",
];

/** What a person set for one conversation; a new one starts from the configuration again. */
const conversationFields = [
  "thinkingLevel",
  "verboseLevel",
  "reasoningLevel",
  "providerOverride",
  "modelOverride",
  "modelProvider",
  "model",
  "queueMode",
  "queueDebounceMs",
  "queueCap",
  "queueDrop",
  "sendPolicy",
  "responseUsage",
  "ttsAuto",
  "displayName",
];

export function withoutTranscriptFields(entry: SessionEntry): SessionEntry {
  return omit(entry, transcriptFields);
}

/**
 * The entry of a conversation that starts anew under the same key. `keep: "route"` is the reset by policy, `/new` and
 * `/reset`: levels, model, queue and send policy fall back to the configuration; exec, elevated, label, activation and
 * auth profile stay. `keep: "preferences"` is the `sessions.reset` method: everything but the transcript's counters
 * stays.
 */
export function freshEntry(
  entry: SessionEntry | undefined,
  { sessionId, now, keep }: { sessionId: string; now: number; keep: "route" | "preferences" },
): SessionEntry {
  const dropped = keep === "route" ? [...transcriptFields, ...conversationFields] : transcriptFields;
  const kept = entry && omit(entry, dropped);
  return { ...kept, sessionId, updatedAt: Math.max(now, entry?.updatedAt ?? 0) };
}

function omit(entry: SessionEntry, fields: readonly string[]): SessionEntry {
  const { sessionId, updatedAt, ...rest } = entry;
  const kept = Object.entries(rest).filter(([field]) => !fields.includes(field));
  return { sessionId, updatedAt, ...Object.fromEntries(kept) };
}
