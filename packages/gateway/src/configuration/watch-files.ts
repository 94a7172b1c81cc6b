import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import type { Clock } from "@openclaw/core";

export interface FileWatch {
  /** Watches these files from now on; they need not exist. */
  files(paths: readonly string[]): void;
  close(): void;
}

/** Looks after all this time even without an event: some file systems send none, ms. */
const POLL_MS = 30_000;

/**
 * Calls `changed` once files have been quiet for `debounceMs()` after a change. Directories are watched, not files, so
 * that an editor that writes by renaming is seen like one that truncates.
 */
export function watchFiles({
  clock,
  debounceMs,
  changed,
}: {
  clock: Clock;
  debounceMs(): number;
  changed(): void;
}): FileWatch {
  const watchers = new Map<string, FSWatcher>();
  let names = new Map<string, Set<string>>();
  let cancel = () => {};
  let cancelPoll = () => {};

  function touched(): void {
    cancel();
    cancel = clock.after(debounceMs(), changed);
  }

  function open(dir: string): void {
    try {
      const watcher = watch(dir, { persistent: false }, (_event, name) => {
        if (name === null || names.get(dir)?.has(name)) touched();
      });
      watcher.on("error", () => {
        watchers.delete(dir);
        watcher.close();
      });
      watchers.set(dir, watcher);
    } catch {
      // The directory is not there yet; the poll finds it later.
    }
  }

  function poll(): void {
    for (const dir of names.keys()) if (!watchers.has(dir)) open(dir);
    touched();
    cancelPoll = clock.after(POLL_MS, poll);
  }
  cancelPoll = clock.after(POLL_MS, poll);

  return {
    files(paths) {
      names = new Map();
      for (const path of paths) names.set(dirname(path), (names.get(dirname(path)) ?? new Set()).add(basename(path)));
      for (const [dir, watcher] of watchers) {
        if (names.has(dir)) continue;
        watcher.close();
        watchers.delete(dir);
      }
      for (const dir of names.keys()) if (!watchers.has(dir)) open(dir);
    },
    close() {
      cancel();
      cancelPoll();
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}
