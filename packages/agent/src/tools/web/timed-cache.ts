import type { Clock } from "@openclaw/core";

export interface TimedCache<Value> {
  /** Undefined when there is none that is young enough. */
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/** Keeps values for a while, at most so many; the oldest goes first. A lifetime of 0 keeps none. */
export function createTimedCache<Value>(options: {
  clock: Clock;
  ttlMs: number;
  maxEntries: number;
}): TimedCache<Value> {
  const { clock, ttlMs, maxEntries } = options;
  const entries = new Map<string, { value: Value; at: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry && clock.now() - entry.at < ttlMs) return entry.value;
      entries.delete(key);
      return undefined;
    },
    set(key, value) {
      if (ttlMs <= 0) return;
      entries.delete(key);
      const oldest = entries.keys().next();
      if (entries.size >= maxEntries && !oldest.done) entries.delete(oldest.value);
      entries.set(key, { value, at: clock.now() });
    },
  };
}
