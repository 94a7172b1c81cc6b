import type { Clock } from "@openclaw/core";
import { describePresence, presenceKey, type PresenceEntry, type PresenceUpdate } from "./presence-entry.ts";

/** An entry without a live socket is forgotten after this time; the number existing clients expect. */
const TTL_MS = 5 * 60_000;
/** At most this many entries besides the gateway's own. */
const MAX_ENTRIES = 200;

export interface PresenceListOptions {
  clock: Clock;
  /** The gateway's own entry; always listed, always fresh. */
  self: PresenceUpdate;
}

/** Who was seen lately. In memory only. */
export interface PresenceList {
  /** Counts changes; sent as `stateVersion.presence`. */
  readonly version: number;
  /** The gateway first, then newest first. */
  list(): PresenceEntry[];
  /** Merges into the entry of the same device, instance, host or address, and tells the listeners. */
  report(update: PresenceUpdate): void;
  /** Like `report`, and keeps the entry while at least one `leave` is outstanding. */
  join(update: PresenceUpdate): void;
  leave(update: PresenceUpdate): void;
  subscribe(listener: () => void): () => void;
}

export function createPresenceList({ clock, self }: PresenceListOptions): PresenceList {
  const entries = new Map<string, PresenceEntry>();
  const sockets = new Map<string, number>();
  const listeners = new Set<() => void>();
  let version = 1;

  function merge(update: PresenceUpdate): void {
    const key = presenceKey(update);
    const known = Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined));
    const merged = { ...entries.get(key), ...known, ts: clock.now() };
    // Re-inserted so that the map stays in order of the last sign of life.
    entries.delete(key);
    entries.set(key, { ...merged, text: update.text ?? describePresence(merged) });
    prune();
    version += 1;
    for (const listener of listeners) listener();
  }

  function prune(): void {
    const oldest = clock.now() - TTL_MS;
    for (const [key, entry] of entries) if (entry.ts < oldest && !sockets.has(key)) entries.delete(key);
    for (const key of entries.keys()) {
      if (entries.size <= MAX_ENTRIES) break;
      entries.delete(key);
    }
  }

  return {
    get version() {
      return version;
    },
    list() {
      prune();
      const own: PresenceEntry = { ...self, text: self.text ?? describePresence(self), ts: clock.now() };
      return [own, ...[...entries.values()].toReversed()];
    },
    report: merge,
    join(update) {
      const key = presenceKey(update);
      sockets.set(key, (sockets.get(key) ?? 0) + 1);
      merge({ ...update, reason: update.reason ?? "connect" });
    },
    leave(update) {
      const key = presenceKey(update);
      const left = (sockets.get(key) ?? 1) - 1;
      if (left > 0) {
        sockets.set(key, left);
        return;
      }
      sockets.delete(key);
      merge({ ...update, reason: "disconnect" });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
