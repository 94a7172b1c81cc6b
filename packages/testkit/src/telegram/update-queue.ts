import { ApiFailure } from "./api-failure.ts";
import type { WireUpdate } from "./wire.ts";

/** Kinds a bot gets only when it names them in `allowed_updates`, as the platform documents. */
const OPT_IN = new Set(["chat_member", "message_reaction", "message_reaction_count"]);

export interface UpdateQueue {
  push(update: Record<string, unknown>): WireUpdate | undefined;
  /** Delivers an update once more, confirmed or not: something a bot must always expect. */
  redeliver(updateId: number): void;
  /** One long poll. Never settles while delivery is stopped. */
  poll(options: PollOptions): Promise<WireUpdate[]>;
  /** The oldest update nobody confirmed. */
  head(): WireUpdate | undefined;
  confirm(update: WireUpdate): void;
  /** Further updates count from here. */
  renumber(from: number): void;
  drop(): void;
  pending(): readonly WireUpdate[];
  history(): readonly WireUpdate[];
  setAllowed(kinds: readonly string[] | undefined): void;
  stop(): void;
  resume(): void;
  readonly stopped: boolean;
  /** Fails a poll that is waiting, as when a second poller or a webhook takes over. */
  evict(failure: ApiFailure): void;
  /** Called whenever something may be delivered. */
  onReady(listener: () => void): void;
}

interface PollOptions {
  offset?: number;
  limit?: number;
  timeoutMs: number;
  /** Aborts when the client's connection is gone. */
  signal: AbortSignal;
}

export function createUpdateQueue(firstId = 1000): UpdateQueue {
  let queue: WireUpdate[] = [];
  /** Handed out once more whatever the offset says. */
  let repeats: WireUpdate[] = [];
  const history = new Map<number, WireUpdate>();
  let nextId = firstId;
  let allowed: Set<string> | undefined;
  let stopped = false;
  let waiting: { wake(): void; fail(failure: ApiFailure): void } | undefined;
  const listeners = new Set<() => void>();
  const ready = () => {
    if (stopped) return;
    waiting?.wake();
    for (const listener of listeners) listener();
  };
  const isAllowed = (update: Record<string, unknown>) => {
    const kind = Object.keys(update).find((key) => key !== "update_id") ?? "";
    return allowed === undefined || allowed.size === 0 ? !OPT_IN.has(kind) : allowed.has(kind);
  };
  const confirmBelow = (offset: number) => {
    queue = queue.filter((update) => update.update_id >= offset);
  };

  return {
    push(body) {
      if (!isAllowed(body)) return undefined;
      const update: WireUpdate = { update_id: nextId, ...body };
      nextId += 1;
      history.set(update.update_id, update);
      queue.push(update);
      ready();
      return update;
    },
    redeliver(updateId) {
      const update = history.get(updateId);
      if (update === undefined) throw new Error(`no update ${updateId} was ever delivered`);
      repeats.push(update);
      ready();
    },
    async poll({ offset, limit = 100, timeoutMs, signal }) {
      waiting?.fail(
        new ApiFailure(
          409,
          "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        ),
      );
      if (offset !== undefined && offset < 0) {
        queue = queue.slice(offset);
      } else if (offset !== undefined && offset > 0) confirmBelow(offset);
      const take = () => {
        const taken = [...repeats, ...queue].slice(0, Math.min(Math.max(limit, 1), 100));
        repeats = [];
        return taken;
      };
      if (!stopped && (queue.length + repeats.length > 0 || timeoutMs <= 0)) return take();
      return await new Promise<WireUpdate[]>((resolve, reject) => {
        const own = {
          wake: () => finish(() => resolve(take())),
          fail: (failure: ApiFailure) => finish(() => reject(failure)),
        };
        const timer = setTimeout(() => {
          if (!stopped) own.wake();
        }, timeoutMs);
        const gone = () => finish(() => resolve([]));
        const finish = (settle: () => void) => {
          clearTimeout(timer);
          signal.removeEventListener("abort", gone);
          if (waiting === own) waiting = undefined;
          settle();
        };
        signal.addEventListener("abort", gone, { once: true });
        waiting = own;
      });
    },
    head: () => (stopped ? undefined : (repeats[0] ?? queue[0])),
    confirm(update) {
      if (repeats[0] === update) repeats.shift();
      else queue = queue.filter((other) => other !== update);
    },
    renumber(from) {
      nextId = from;
    },
    drop() {
      queue = [];
      repeats = [];
    },
    pending: () => queue,
    history: () => [...history.values()],
    setAllowed(kinds) {
      if (kinds !== undefined) allowed = new Set(kinds);
    },
    stop() {
      stopped = true;
    },
    resume() {
      stopped = false;
      ready();
    },
    get stopped() {
      return stopped;
    },
    evict(failure) {
      waiting?.fail(failure);
    },
    onReady(listener) {
      listeners.add(listener);
    },
  };
}
