import { useSyncExternalStore } from "react";
import { createStore } from "../store/store.ts";
import { formatWhen } from "./relative-time.ts";

const clock = createStore(Date.now());
let watchers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for all times on the page, running only while one is shown. */
function watch(listener: () => void): () => void {
  const stop = clock.subscribe(listener);
  watchers += 1;
  timer ??= setInterval(() => clock.set(Date.now()), 20_000);
  return () => {
    stop();
    watchers -= 1;
    if (watchers > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The current time, epoch ms, renewed every 20 seconds. */
export function useNow(): number {
  return useSyncExternalStore(watch, clock.get);
}

/** A moment in relative words, exact in its tooltip. */
export function Time({ at }: { at: number }) {
  const now = Math.max(useNow(), at);
  if (at === 0) return null;
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString()}>
      {formatWhen(at, now)}
    </time>
  );
}
