import type { Clock } from "@openclaw/core";

/** Failures within the window after which an address has to wait; a person mistyping stays far below. */
const MAX_FAILURES = 20;
const WINDOW_MS = 60_000;
/** Bounds memory under a spoofed or botnet flood; the longest unseen address is forgotten first. */
const MAX_ADDRESSES = 10_000;

/** Slows guessing of shared secrets, one count per client address. */
export interface AuthThrottle {
  /** Milliseconds this address still has to wait; 0 when it may try. */
  retryAfterMs(address: string): number;
  fail(address: string): void;
}

export function createAuthThrottle(clock: Clock): AuthThrottle {
  const failures = new Map<string, { count: number; since: number }>();

  return {
    retryAfterMs(address) {
      const entry = failures.get(address);
      if (!entry || entry.count < MAX_FAILURES) return 0;
      return Math.max(0, entry.since + WINDOW_MS - clock.now());
    },
    fail(address) {
      const now = clock.now();
      const known = failures.get(address);
      const entry = known && known.since + WINDOW_MS > now ? known : { count: 0, since: now };
      entry.count += 1;
      failures.delete(address);
      failures.set(address, entry);
      for (const oldest of failures.keys()) {
        if (failures.size <= MAX_ADDRESSES) break;
        failures.delete(oldest);
      }
    },
  };
}
