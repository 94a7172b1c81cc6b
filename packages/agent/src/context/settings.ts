/** How old tool results are left out of what is sent. Nothing on disk changes. */
export interface PruningSettings {
  mode: "off" | "adaptive" | "aggressive" | "cache-ttl";
  /** Lifetime of the provider's prompt cache, for `cache-ttl`. */
  ttlMs: number;
  /** Results after this many last answers are never touched. */
  keepLastAssistants: number;
  /** Shares of the context window, by characters. */
  softTrimRatio: number;
  hardClearRatio: number;
  /** Nothing is cleared while the eligible results are smaller than this, characters. */
  minPrunableToolChars: number;
  softTrim: { maxChars: number; headChars: number; tailChars: number };
  hardClear: { enabled: boolean; placeholder: string };
  /** Tool names, `*` matches any run of characters; deny wins, an empty allow list means all. */
  tools: { allow: readonly string[]; deny: readonly string[] };
}

export interface CompactionSettings {
  mode: "default" | "safeguard";
  /** Tokens kept free for the answer, before the window's size is looked at. */
  reserveTokens: number;
  /** Newest part that stays as it is. */
  keepRecentTokens: number;
  /** `safeguard`: what stays may fill this share of the window at most. */
  maxHistoryShare: number;
  memoryFlush: { enabled: boolean; softThresholdTokens: number; prompt?: string; systemPrompt?: string };
}

export interface ContextSettings {
  pruning: PruningSettings;
  compaction: CompactionSettings;
  /** `agents.defaults.contextTokens`: takes the place of every model's own window. */
  windowTokens?: number;
  promptProfile: "auto" | "full" | "small";
  /** A sandboxed session of this agent cannot write the agent's own workspace. */
  sandboxWorkspaceWritable: boolean;
}

type Given<T> = {
  [Key in keyof T]?: T[Key] extends readonly unknown[] ? T[Key] : T[Key] extends object ? Given<T[Key]> : T[Key];
};

/** The keys of `agents.defaults` that are read here, as written. */
export interface ContextConfig {
  contextPruning?: Given<Omit<PruningSettings, "ttlMs">> & { ttl?: string };
  compaction?: Given<CompactionSettings> & { reserveTokensFloor?: number };
  contextTokens?: number;
  promptProfile?: ContextSettings["promptProfile"];
  sandbox?: { workspaceAccess?: string };
}

const TTL_MS = 5 * 60_000;
/** What the runtime keeps free when nothing is said; the documented floor lies above it. */
const RESERVE_TOKENS = 16_384;
const RESERVE_FLOOR = 20_000;

/** Numbers of the documented defaults. */
const pruningDefaults: PruningSettings = {
  mode: "adaptive",
  ttlMs: TTL_MS,
  keepLastAssistants: 3,
  softTrimRatio: 0.3,
  hardClearRatio: 0.5,
  minPrunableToolChars: 50_000,
  softTrim: { maxChars: 4000, headChars: 1500, tailChars: 1500 },
  hardClear: { enabled: true, placeholder: "[Old tool result content cleared]" },
  tools: { allow: [], deny: [] },
};

export function readContextSettings(config: ContextConfig): ContextSettings {
  const { ttl, softTrim, hardClear, tools, ...pruning } = config.contextPruning ?? {};
  const { reserveTokensFloor = RESERVE_FLOOR, memoryFlush, ...compaction } = config.compaction ?? {};
  return {
    pruning: {
      ...pruningDefaults,
      ...pruning,
      ttlMs: durationMs(ttl) ?? TTL_MS,
      softTrim: { ...pruningDefaults.softTrim, ...softTrim },
      hardClear: { ...pruningDefaults.hardClear, ...hardClear },
      tools: { ...pruningDefaults.tools, ...tools },
    },
    compaction: {
      mode: compaction.mode ?? "default",
      reserveTokens: Math.max(compaction.reserveTokens ?? RESERVE_TOKENS, reserveTokensFloor),
      keepRecentTokens: compaction.keepRecentTokens ?? 20_000,
      maxHistoryShare: compaction.maxHistoryShare ?? 0.5,
      memoryFlush: { enabled: true, softThresholdTokens: 4000, ...memoryFlush },
    },
    ...(config.contextTokens ? { windowTokens: config.contextTokens } : {}),
    promptProfile: config.promptProfile ?? "auto",
    sandboxWorkspaceWritable: config.sandbox?.workspaceAccess === "rw",
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `5m`, `1h`, `90s`; a bare number is minutes. */
function durationMs(text: string | undefined): number | undefined {
  const [, number, unit = "m"] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?\s*$/i.exec(text ?? "") ?? [];
  return number === undefined ? undefined : Number(number) * (UNIT_MS[unit.toLowerCase()] ?? 0);
}

/**
 * What a window of this size leaves: reserve and recent part shrink with it, because a model of 16,000 tokens could not
 * keep 20,000 of them free. At 64,000 tokens and more the configured numbers hold as they are.
 */
export function windowPlan(
  { reserveTokens, keepRecentTokens, mode, maxHistoryShare }: CompactionSettings,
  contextWindow: number,
): { reserve: number; threshold: number; keepRecent: number } {
  const reserve = Math.min(reserveTokens, Math.floor(contextWindow / 2));
  const threshold = contextWindow - reserve;
  const share = mode === "safeguard" ? maxHistoryShare : 1;
  return {
    reserve,
    threshold,
    keepRecent: Math.floor(Math.min(keepRecentTokens, threshold / 2, contextWindow * share)),
  };
}
