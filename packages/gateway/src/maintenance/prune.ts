import type { Clock } from "@openclaw/core";
import type { Store } from "../store/store.ts";

const EVERY_MS = 60 * 60_000;
/** Settled rows are kept this long: dedupe keys, idempotent repeats, the record of what was sent. */
const KEEP_MS = 7 * 24 * 60 * 60_000;

/** Model calls are kept longer: yearly sums are made of them. */
const KEEP_USAGE_MS = 400 * 24 * 60 * 60_000;

/** Forgets what the store no longer needs, now and every hour. The returned function ends it. */
export function keepStoreSmall(store: Store, clock: Clock): () => void {
  let cancel = () => {};
  const prune = () => {
    const before = clock.now() - KEEP_MS;
    store.database.transaction(() => {
      store.inbox.prune(before);
      store.turns.prune(before);
      store.outbox.prune(before);
      store.usage.prune(clock.now() - KEEP_USAGE_MS);
    });
    cancel = clock.after(EVERY_MS, prune);
  };
  prune();
  return () => cancel();
}
