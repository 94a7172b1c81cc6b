import { setImmediate as nextMacrotask } from "node:timers/promises";
import type { Clock } from "@openclaw/plugin-sdk";

export interface FakeClock extends Clock {
  /**
   * Moves time forward by `ms`, running every timer that falls due, earliest first (same instant: order of creation),
   * timers made on the way included. Promises settle before each timer and before it returns; real I/O does not.
   */
  advance(ms: number): Promise<void>;
  /** Moves time without running anything, as a suspended laptop does. Due timers run with the next `advance`. */
  jump(ms: number): void;
  /** Timers that still wait, as epoch ms, ascending. */
  pending(): number[];
}

export interface FakeClockOptions {
  /** Epoch ms at the start. Default 2026-01-01T00:00:00Z. */
  now?: number;
}

interface Timer {
  at: number;
  order: number;
  callback: () => void;
}

/** A clock that stands still until a test moves it. */
export function createFakeClock(options: FakeClockOptions = {}): FakeClock {
  let now = options.now ?? Date.UTC(2026, 0, 1);
  let created = 0;
  const timers = new Set<Timer>();

  const after = (ms: number, callback: () => void): (() => void) => {
    const timer: Timer = { at: now + Math.max(0, ms), order: created++, callback };
    timers.add(timer);
    return () => void timers.delete(timer);
  };

  const earliest = (until: number): Timer | undefined => {
    let found: Timer | undefined;
    for (const timer of timers) {
      if (timer.at > until) continue;
      if (!found || timer.at < found.at || (timer.at === found.at && timer.order < found.order)) found = timer;
    }
    return found;
  };

  return {
    now: () => now,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const onAbort = () => {
          cancel();
          reject(signal?.reason as Error);
        };
        const cancel = after(ms, () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        });
        signal?.addEventListener("abort", onAbort, { once: true });
      }),
    async advance(ms) {
      const target = now + ms;
      // A macrotask runs after every microtask that is queued by then, chains of awaits included.
      await nextMacrotask();
      for (let timer = earliest(target); timer; timer = earliest(target)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.callback();
        await nextMacrotask();
      }
      now = Math.max(now, target);
    },
    jump(ms) {
      now += ms;
    },
    pending: () => [...timers].map((timer) => timer.at).toSorted((a, b) => a - b),
  };
}
