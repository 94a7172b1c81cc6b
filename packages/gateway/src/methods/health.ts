import type { GatewayContext } from "../gateway-context.ts";
import { healthSnapshot } from "../health/health.ts";
import { statusSnapshot } from "../health/status.ts";
import type { MethodHandler } from "../server/types.ts";

export function healthMethods(context: GatewayContext): Record<string, MethodHandler> {
  return {
    health: () => healthSnapshot(context),
    status: () => statusSnapshot(context),
    // The scheduler that would beat is not running yet, so there is no last beat.
    "last-heartbeat": () => null,
  };
}
