import type { GatewayContext } from "../gateway-context.ts";
import type { GatewayServer } from "../server/types.ts";
import { healthSnapshot } from "./health.ts";

/** Keeps the last health summary and tells every client when it was made anew. */
export interface HealthFeed {
  last(): unknown;
  version(): number;
  /** Something changed: a new summary goes out soon. */
  changed(): void;
  stop(): void;
}

/** Changes within this time share one event, ms. */
const SETTLE_MS = 100;
/** Without a change a summary goes out this often, ms. */
const EVERY_MS = 60_000;

export function createHealthFeed(context: GatewayContext, server: () => GatewayServer | undefined): HealthFeed {
  const { clock } = context;
  let last: unknown = {};
  let version = 1;
  let pending = false;
  let stopped = false;
  let cancel = () => {};

  function refresh(): void {
    if (stopped) return;
    pending = false;
    try {
      last = healthSnapshot(context);
      version++;
      server()?.broadcast("health", last, { droppable: true, stateVersion: true });
    } catch (error) {
      // A file that cannot be read now is no reason to end the gateway.
      context.log.error(
        `the health summary could not be made: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    cancel = clock.after(EVERY_MS, refresh);
  }
  cancel = clock.after(EVERY_MS, refresh);

  return {
    last: () => last,
    version: () => version,
    changed() {
      if (pending || stopped) return;
      pending = true;
      cancel();
      cancel = clock.after(SETTLE_MS, refresh);
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
