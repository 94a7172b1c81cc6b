import type { PresenceUpdate } from "../presence/index.ts";
import type { ConnectedClient } from "./types.ts";

/** A client as the presence list shows it; undefined for the short-lived command line. */
export function presenceOf({
  client,
  role,
  scopes,
  deviceId,
  isLocal,
  ip,
}: ConnectedClient): PresenceUpdate | undefined {
  if (client.mode === "cli") return undefined;
  const { id, displayName, version, platform, deviceFamily, modelIdentifier, mode } = client;
  return {
    host: displayName ?? id,
    ip: isLocal ? undefined : ip,
    version,
    platform,
    deviceFamily,
    modelIdentifier,
    mode,
    deviceId,
    roles: [role],
    scopes: role === "operator" ? [...scopes] : undefined,
    instanceId: client.instanceId ?? deviceId,
  };
}
