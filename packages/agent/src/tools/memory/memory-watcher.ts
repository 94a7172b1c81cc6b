import { watch, type FSWatcher } from "node:fs";
import { join } from "node:path";
import type { Clock } from "@openclaw/core";

export interface MemoryWatcherOptions {
  /** Absolute. */
  workspace: string;
  clock: Clock;
  /** Quiet time after a change, ms. */
  debounceMs: number;
  changed(): void;
}

/** Notices changes of notes, so that they are in the index before somebody asks. A place that cannot be watched is left out. */
export function watchMemory({ workspace, clock, debounceMs, changed }: MemoryWatcherOptions): { close(): void } {
  const watchers = new Map<string, FSWatcher>();
  let cancel: (() => void) | undefined;

  const poke = () => {
    // `memory` may have been made just now.
    if (!watchers.has(folder)) add(folder, () => true);
    cancel?.();
    cancel = clock.after(debounceMs, () => {
      cancel = undefined;
      changed();
    });
  };
  const folder = join(workspace, "memory");

  function add(dir: string, concerns: (name: string) => boolean): void {
    try {
      const watcher = watch(dir, { persistent: false, recursive: dir === folder }, (_event, name) => {
        if (name === null || concerns(name)) poke();
      });
      watcher.on("error", () => {
        watcher.close();
        watchers.delete(dir);
      });
      watchers.set(dir, watcher);
    } catch {
      // Searching looks at the files anyway.
    }
  }

  add(workspace, (name) => /^(?:memory|memory\.md)$/i.test(name));
  add(folder, () => true);
  return {
    close() {
      cancel?.();
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}
