import type { Clock } from "@openclaw/core";

/** Waits for work to settle, at most `ms`. Leaves no timer behind: it would hold up the end of the process. */
export async function atMost(ms: number, work: Promise<unknown>, clock: Clock): Promise<void> {
  const settled = new AbortController();
  try {
    await Promise.race([work, clock.sleep(ms, settled.signal).catch(() => {})]);
  } finally {
    settled.abort();
  }
}
