/** How outbound sends are tried again. Values of seed configuration `channels.*.retry`. */
export interface RetryPolicy {
  /** Quick attempts; later ones wait `slowDelayMs`. */
  attempts: number;
  minDelayMs: number;
  maxDelayMs: number;
  /** Fraction of the delay that is random, 0 to 1. */
  jitter: number;
}

export const defaultRetry: RetryPolicy = { attempts: 3, minDelayMs: 400, maxDelayMs: 30_000, jitter: 0.1 };

/** Delay between attempts once the quick ones are spent: the row stays in the ledger and is not given up. */
const SLOW_DELAY_MS = 60_000;

/** Milliseconds to wait after `attempts` failed ones. What the platform asked for is never shortened. */
export function retryDelay(
  policy: RetryPolicy,
  attempts: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  const quick = Math.min(policy.maxDelayMs, policy.minDelayMs * 2 ** Math.max(0, attempts - 1));
  const base = attempts < policy.attempts ? quick : Math.max(policy.maxDelayMs, SLOW_DELAY_MS);
  return (
    Math.max(retryAfterMs ?? 0, 0) +
    (retryAfterMs === undefined ? base : 0) +
    Math.round(base * policy.jitter * random())
  );
}
