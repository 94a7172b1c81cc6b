import type { Clock } from "../src/clock.ts";

/** A clock for core's own tests; the testkit's depends on packages built upon core. */
export interface ManualClock extends Clock {
  /** Moves time and runs what is due, in order. */
  advance(ms: number): void;
  /** Sets the time without running anything, backwards too. */
  set(now: number): void;
  readonly pending: number;
}

export function createManualClock(start = 0): ManualClock {
  let now = start;
  const timers = new Set<{ at: number; run: () => void }>();
  const clock: ManualClock = {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    sleep: (ms) => new Promise((resolve) => void clock.after(ms, resolve)),
    set(to) {
      now = to;
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = [...timers].filter((timer) => timer.at <= end).toSorted((one, other) => one.at - other.at)[0];
        if (!next) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    },
    get pending() {
      return timers.size;
    },
  };
  return clock;
}
