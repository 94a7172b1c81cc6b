import { ADVERTISED_EVENTS, ADVERTISED_METHODS, methodSpec, PROTOCOL_VERSION } from "@openclaw/protocol";
import type { HelloOk } from "@openclaw/protocol/schema";
import type { HandshakeSuccess } from "./handshake.ts";
import type { CreateServerOptions, ServerLimits } from "./server-options.ts";

export interface HelloSources extends Pick<
  CreateServerOptions,
  "snapshot" | "presence" | "version" | "commit" | "hostName" | "methods" | "clock"
> {
  limits: ServerLimits;
  startedAtMs: number;
}

/** The answer to a good `connect`. */
export function buildHello({ client, deviceToken }: HandshakeSuccess, sources: HelloSources): HelloOk {
  const { snapshot, presence, version, commit, hostName, methods, clock, limits, startedAtMs } = sources;
  const { maxPayload, maxBufferedBytes, tickIntervalMs } = limits;
  return {
    type: "hello-ok",
    protocol: PROTOCOL_VERSION,
    server: {
      version,
      ...(commit === undefined ? {} : { commit }),
      ...(hostName === undefined ? {} : { host: hostName }),
      connId: client.connId,
    },
    features: { methods: [...ADVERTISED_METHODS, ...pluginMethods(methods)], events: [...ADVERTISED_EVENTS] },
    snapshot: {
      presence: presence.list(),
      health: snapshot.health(),
      stateVersion: { presence: presence.version, health: snapshot.healthVersion() },
      uptimeMs: clock.now() - startedAtMs,
      configPath: snapshot.configPath,
      stateDir: snapshot.stateDir,
      sessionDefaults: snapshot.sessionDefaults(),
    },
    ...(deviceToken
      ? {
          auth: {
            deviceToken: deviceToken.token,
            role: deviceToken.role,
            scopes: deviceToken.scopes,
            issuedAtMs: deviceToken.rotatedAtMs ?? deviceToken.createdAtMs,
          },
        }
      : {}),
    policy: { maxPayload, maxBufferedBytes, tickIntervalMs },
  };
}

function pluginMethods(methods: HelloSources["methods"]): string[] {
  return [...methods.keys()].filter((name) => methodSpec(name) === undefined);
}
