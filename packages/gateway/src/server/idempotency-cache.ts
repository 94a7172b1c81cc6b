import type { Clock } from "@openclaw/core";

/** Long enough for every retry a client makes by itself; a person's second try has a new key. */
const DEFAULT_TTL_MS = 5 * 60_000;
const DEFAULT_MAX_ENTRIES = 1_000;

export interface IdempotencyCacheOptions {
  clock: Clock;
  ttlMs?: number;
  maxEntries?: number;
}

/** Answers of methods that carry an `idempotencyKey`, kept for repetitions. In memory only. */
export interface IdempotencyCache {
  /**
   * Runs `work` once per method and key. A repetition gets the first answer, also while the first still runs. A
   * failure is not remembered, so that a retry really tries again.
   */
  run<T>(method: string, key: string, work: () => Promise<T> | T): Promise<T>;
}

export function createIdempotencyCache(options: IdempotencyCacheOptions): IdempotencyCache {
  const { clock, ttlMs = DEFAULT_TTL_MS, maxEntries = DEFAULT_MAX_ENTRIES } = options;
  const entries = new Map<string, { answer: Promise<unknown>; at: number }>();

  function dropOld(): void {
    const oldest = clock.now() - ttlMs;
    // In order of insertion, so the first entry that is young enough ends the search.
    for (const [id, entry] of entries) {
      if (entry.at > oldest && entries.size <= maxEntries) break;
      entries.delete(id);
    }
  }

  return {
    run<T>(method: string, key: string, work: () => Promise<T> | T): Promise<T> {
      const id = JSON.stringify([method, key]);
      dropOld();
      const known = entries.get(id);
      if (known) return known.answer as Promise<T>;
      const answer = (async () => work())();
      entries.set(id, { answer, at: clock.now() });
      answer.catch(() => {
        if (entries.get(id)?.answer === answer) entries.delete(id);
      });
      dropOld();
      return answer;
    },
  };
}
