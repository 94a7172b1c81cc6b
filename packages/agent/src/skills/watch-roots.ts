import { watch, type FSWatcher } from "node:fs";
import { dirname } from "node:path";
import type { Clock, Log } from "@openclaw/core";

export interface WatchRootsOptions {
  clock: Clock;
  log: Log;
  /** Quiet time after a change, ms. */
  debounceMs: number;
  /** Called once after a burst of changes. */
  changed(): void;
}

export interface RootWatcher {
  /** Replaces what is watched: these directories themselves, not what lies deeper. One that is missing is awaited. */
  watch(dirs: readonly string[]): void;
  close(): void;
}

/** A machine has a limited number of watches, shared by everything that runs on it. */
const maxWatched = 500;

/** Notices changes in directories. One that cannot be watched is logged and left out. */
export function watchRoots({ clock, log, debounceMs, changed }: WatchRootsOptions): RootWatcher {
  const watchers = new Map<string, FSWatcher>();
  let cancel: (() => void) | undefined;

  const poke = () => {
    cancel?.();
    cancel = clock.after(debounceMs, () => {
      cancel = undefined;
      changed();
    });
  };

  const drop = (dir: string) => {
    watchers.get(dir)?.close();
    watchers.delete(dir);
  };

  /** Also true when there is nothing to do. */
  const add = (dir: string): boolean => {
    if (watchers.has(dir)) return true;
    try {
      const watcher = watch(dir, { persistent: false }, poke);
      watcher.on("error", () => {
        drop(dir);
        poke();
      });
      watchers.set(dir, watcher);
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ENOTDIR") log.warn("a directory cannot be watched", { dir, code });
      return false;
    }
  };

  return {
    watch(dirs) {
      const wanted = new Set<string>();
      for (const dir of dirs.slice(0, maxWatched)) {
        // A directory that was removed and made again is another one, which the old watch does not see.
        if (add(dir)) wanted.add(dir);
        else if (add(dirname(dir))) wanted.add(dirname(dir));
      }
      for (const dir of watchers.keys()) if (!wanted.has(dir)) drop(dir);
    },
    close() {
      cancel?.();
      for (const dir of watchers.keys()) drop(dir);
    },
  };
}
