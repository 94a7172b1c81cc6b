import type { ClientClock } from "./options.ts";

/** The machine's clock. Unlike core's, its timers keep a Node process alive: a node host waits to reconnect. */
export const systemClock: ClientClock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
