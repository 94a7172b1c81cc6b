import type { ClientClock } from "./options.ts";

export interface Watchdog {
  /** Something arrived. */
  feed(): void;
  stop(): void;
}

/** Calls `onSilence` once when nothing has fed it for `limitMs`. One timer, however many frames arrive. */
export function createWatchdog(clock: ClientClock, limitMs: number, onSilence: () => void): Watchdog {
  let fedAt = clock.now();
  let cancel = clock.after(limitMs, check);
  function check() {
    const silentFor = clock.now() - fedAt;
    if (silentFor >= limitMs) onSilence();
    else cancel = clock.after(limitMs - silentFor, check);
  }
  return {
    feed: () => {
      fedAt = clock.now();
    },
    stop: () => cancel(),
  };
}
