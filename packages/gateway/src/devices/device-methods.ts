import { grantsScope } from "@openclaw/protocol";
import type { MethodParams, MethodResult } from "@openclaw/protocol";
import { invalidRequest } from "../server/rpc-error.ts";
import type { MethodContext, MethodHandler } from "../server/types.ts";
import type { DeviceStore } from "./device-store.ts";

export interface DeviceMethodsOptions {
  devices: DeviceStore;
}

/**
 * `device.pair.*` and `device.token.*`. Events and closing of sockets follow from the store, so that every way to revoke
 * has the same effect. Nobody hands out more than they hold: approving or minting a scope needs that scope (or admin),
 * else `operator.pairing` would be worth as much as `operator.admin`.
 */
export function deviceMethods({ devices }: DeviceMethodsOptions): Map<string, MethodHandler> {
  return new Map<string, MethodHandler>([
    ["device.pair.list", (): MethodResult<"device.pair.list"> => devices.list()],
    [
      "device.pair.approve",
      async ({ requestId }: MethodParams<"device.pair.approve">, { client }: MethodContext) => {
        const request = devices.findRequest(requestId);
        if (!request) throw invalidRequest("unknown requestId");
        requireScopes(client.scopes, request.scopes);
        const device = await devices.approve(requestId);
        if (!device) throw invalidRequest("unknown requestId");
        return { requestId, device };
      },
    ],
    [
      "device.pair.reject",
      async ({ requestId }: MethodParams<"device.pair.reject">) => {
        const request = await devices.reject(requestId);
        if (!request) throw invalidRequest("unknown requestId");
        return { requestId, deviceId: request.deviceId };
      },
    ],
    [
      "device.token.rotate",
      async ({ deviceId, role, scopes }: MethodParams<"device.token.rotate">, { client }: MethodContext) => {
        const device = devices.get(deviceId);
        if (!device?.roles.includes(role)) throw invalidRequest("unknown deviceId/role");
        const wanted = scopes ?? device.tokens[role]?.scopes ?? [];
        requireScopes(client.scopes, wanted);
        const unapproved = wanted.find((scope) => !grantsScope(device.scopes ?? [], scope));
        if (unapproved !== undefined) throw invalidRequest(`scope not approved for this device: ${unapproved}`);
        const token = await devices.rotateToken(deviceId, role, wanted);
        if (!token) throw invalidRequest("unknown deviceId/role");
        return {
          deviceId,
          role,
          token: token.token,
          scopes: token.scopes,
          rotatedAtMs: token.rotatedAtMs ?? token.createdAtMs,
        };
      },
    ],
    [
      "device.token.revoke",
      async ({ deviceId, role }: MethodParams<"device.token.revoke">) => {
        const token = await devices.revokeToken(deviceId, role);
        if (token?.revokedAtMs === undefined) throw invalidRequest("unknown deviceId/role");
        return { deviceId, role, revokedAtMs: token.revokedAtMs };
      },
    ],
  ]);
}

function requireScopes(held: readonly string[], wanted: readonly string[]): void {
  // Scopes without a meaning grant nothing, so anybody may hand them on.
  const missing = wanted.find((scope) => scope.startsWith("operator.") && !grantsScope(held, scope));
  if (missing !== undefined) throw invalidRequest(`missing scope: ${missing}`);
}
