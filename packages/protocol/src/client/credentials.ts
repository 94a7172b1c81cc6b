import { grantsScope } from "../authorize.ts";
import { PROTOCOL_VERSION } from "../constants.ts";
import { signaturePayload } from "../device/index.ts";
import type { ConnectParams, HelloOk } from "../schema/index.ts";
import type { ClientClock, DeviceTokenKey, GatewayClientOptions, StoredDeviceToken } from "./options.ts";

/** Decides what a connection proves itself with, and keeps the device token that the gateway hands out. */
export function createCredentials(
  options: GatewayClientOptions,
  gateway: string,
  clock: ClientClock,
  onWarning: (error: unknown) => void,
) {
  const { identity, tokenStore, client, role = "operator", scopes } = options;
  const key: DeviceTokenKey | undefined = identity && { gateway, deviceId: identity.deviceId, role };
  let stored: StoredDeviceToken | undefined;

  /** Runs a call into the caller's store; a store that fails costs the token, not the connection. */
  async function guarded<T>(call: () => Promise<T> | T): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      onWarning(error);
      return undefined;
    }
  }

  return {
    /** Whether the last `connectParams` carried the stored device token. */
    usedStoredToken: () => stored !== undefined,
    /** Something to fall back on once the stored token is gone. */
    hasConfigured: () => Boolean(options.token || options.password),

    /** Reads the store; called once for every socket, before it opens. */
    async prepare(): Promise<void> {
      const found = tokenStore && key && (await guarded(() => tokenStore.load(key)));
      const covers = found && (scopes ?? []).every((scope) => grantsScope(found.scopes, scope));
      stored = found && covers ? found : undefined;
    },

    async connectParams(nonce: string | undefined): Promise<ConnectParams> {
      const token = stored?.token ?? options.token;
      const password = stored ? undefined : options.password;
      const signedAt = clock.now();
      const device = identity && {
        id: identity.deviceId,
        publicKey: identity.publicKey,
        signature: await identity.sign(
          signaturePayload({
            deviceId: identity.deviceId,
            clientId: client.id,
            clientMode: client.mode,
            role,
            scopes: scopes ?? [],
            signedAt,
            token,
            nonce,
          }),
        ),
        signedAt,
        ...(nonce === undefined ? {} : { nonce }),
      };
      return {
        minProtocol: PROTOCOL_VERSION,
        maxProtocol: PROTOCOL_VERSION,
        client: client,
        role,
        scopes: scopes && [...scopes],
        caps: options.caps && [...options.caps],
        commands: options.commands && [...options.commands],
        permissions: options.permissions && { ...options.permissions },
        pathEnv: options.pathEnv,
        device,
        auth: token || password ? { token: token || undefined, password } : undefined,
        locale: options.locale,
        userAgent: options.userAgent,
      };
    },

    async accepted({ auth }: HelloOk): Promise<void> {
      if (!tokenStore || !key || !auth || auth.role !== role || auth.deviceToken === stored?.token) return;
      await guarded(() => tokenStore.save(key, { token: auth.deviceToken, scopes: auth.scopes }));
    },

    async dropStored(): Promise<void> {
      stored = undefined;
      if (tokenStore && key) await guarded(() => tokenStore.drop(key));
    },
  };
}
