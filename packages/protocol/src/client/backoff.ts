const firstMs = 1000;
const limitMs = 30_000;
const jitter = 0.2;

/** Wait before reconnect number `attempt` (from 0): 1 s doubling to 30 s, plus up to a fifth so that clients spread. */
export function backoffMs(attempt: number, random: () => number): number {
  const base = Math.min(limitMs, firstMs * 2 ** Math.min(attempt, 16));
  return Math.round(base * (1 + jitter * random()));
}
