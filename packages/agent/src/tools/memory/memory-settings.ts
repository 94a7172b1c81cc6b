import { isAbsolute, join } from "node:path";
import type { OpenClawConfig } from "@openclaw/core/config";
import { expandHome } from "../../settings.ts";
import type { EmbeddingSettings } from "./embeddings/choose-provider.ts";

/** `agents.defaults.memorySearch` with the agent's own over it, and defaults. */
export interface MemorySettings {
  enabled: boolean;
  /** Absolute, or relative to the workspace. */
  extraPaths: string[];
  /** SQLite file, absolute. */
  file: string;
  vector: { enabled: boolean; extensionPath?: string };
  chunking: Chunking;
  watch: boolean;
  watchDebounceMs: number;
  maxResults: number;
  /** Least score of an answer that vectors took part in. */
  minScore: number;
  hybrid: { enabled: boolean; vectorWeight: number; textWeight: number; candidateMultiplier: number };
  cache: { enabled: boolean; maxEntries: number };
  embedding: EmbeddingSettings;
}

export interface Chunking {
  /** Four characters each. */
  tokens: number;
  overlap: number;
}

export interface MemorySettingsInput {
  agentId: string;
  config: OpenClawConfig;
  /** Absolute. */
  stateDir: string;
  env: Readonly<Record<string, string | undefined>>;
}

type Written = NonNullable<NonNullable<NonNullable<OpenClawConfig["agents"]>["defaults"]>["memorySearch"]>;

/** Several times the memory of one agent; the oldest go first. */
const defaultCacheEntries = 50_000;

export function readMemorySettings({ agentId, config, stateDir, env }: MemorySettingsInput): MemorySettings {
  const shared: Written = config.agents?.defaults?.memorySearch ?? {};
  const own: Written = config.agents?.list?.find((entry) => entry.id.toLowerCase() === agentId)?.memorySearch ?? {};
  const all: Written = { ...shared, ...own };
  const query = { ...shared.query, ...own.query };
  const hybrid = { ...shared.query?.hybrid, ...own.query?.hybrid };
  const store = { ...shared.store, ...own.store };
  const vector = { ...shared.store?.vector, ...own.store?.vector };
  const chunking = { ...shared.chunking, ...own.chunking };
  const sync = { ...shared.sync, ...own.sync };
  const cache = { ...shared.cache, ...own.cache };
  const remote = { ...shared.remote, ...own.remote };
  const tokens = chunking.tokens ?? 400;
  const path = store.path?.replaceAll("{agentId}", agentId);
  return {
    enabled: all.enabled ?? true,
    extraPaths: (all.extraPaths ?? []).map((entry) => expandHome(entry, env)),
    file: path ? absolute(expandHome(path, env), stateDir) : join(stateDir, "memory", `${agentId}.sqlite`),
    vector: {
      enabled: vector.enabled ?? true,
      ...(vector.extensionPath ? { extensionPath: expandHome(vector.extensionPath, env) } : {}),
    },
    // Pieces that overlap as a whole would never end.
    chunking: { tokens, overlap: Math.min(chunking.overlap ?? 80, Math.floor(tokens / 2)) },
    watch: sync.watch ?? true,
    watchDebounceMs: sync.watchDebounceMs ?? 1500,
    maxResults: query.maxResults ?? 6,
    minScore: query.minScore ?? 0.35,
    hybrid: {
      enabled: hybrid.enabled ?? true,
      vectorWeight: hybrid.vectorWeight ?? 0.7,
      textWeight: hybrid.textWeight ?? 0.3,
      candidateMultiplier: hybrid.candidateMultiplier ?? 4,
    },
    cache: { enabled: cache.enabled ?? true, maxEntries: cache.maxEntries ?? defaultCacheEntries },
    embedding: {
      provider: all.provider ?? "auto",
      fallback: all.fallback ?? "none",
      ...(all.model ? { model: all.model } : {}),
      remote: {
        ...(remote.baseUrl ? { baseUrl: remote.baseUrl } : {}),
        ...(remote.apiKey ? { apiKey: remote.apiKey } : {}),
        ...(remote.headers ? { headers: remote.headers } : {}),
      },
    },
  };
}

const absolute = (path: string, base: string) => (isAbsolute(path) ? path : join(base, path));
