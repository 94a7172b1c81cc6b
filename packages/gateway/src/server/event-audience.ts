import { eventSpec, grantsScope } from "@openclaw/protocol";
import type { BroadcastOptions, ConnectedClient } from "./types.ts";

export interface EventDelivery {
  /** A slow client misses it instead of being closed. */
  droppable: boolean;
  stateVersion: boolean;
  reaches(client: ConnectedClient): boolean;
}

/**
 * Who receives a broadcast: the protocol's event table decides, the caller may narrow it. An event that is not in the
 * table (a plugin's) goes to operators who may read. Nodes have no scopes, so they get only what is for everyone; what
 * a node subscribes to is sent to it alone.
 */
export function deliveryOf(event: string, options: BroadcastOptions = {}): EventDelivery {
  const spec = eventSpec(event);
  const scope = options.scope ?? (spec ? spec.scope : "operator.read");
  return {
    droppable: options.droppable ?? spec?.droppable ?? false,
    stateVersion: options.stateVersion ?? spec?.stateVersion ?? false,
    reaches: ({ role, scopes }) => scope === undefined || (role === "operator" && grantsScope(scopes, scope)),
  };
}
