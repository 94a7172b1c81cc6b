import { randomBytes, randomUUID } from "node:crypto";
import type { Clock, Log } from "@openclaw/core";
import { createDeviceFiles } from "./device-files.ts";
import type {
  DeviceDescription,
  DeviceEvent,
  DeviceToken,
  PairedDevice,
  PairedDeviceView,
  PairingRequest,
} from "./device-types.ts";
import { mergeScopes, scopesCover } from "./scope-coverage.ts";
import { createSaveQueue } from "./save-queue.ts";
import { secretsEqual } from "./secrets-equal.ts";

/** A request nobody answers within this time is forgotten (the time existing installations use). */
const PENDING_TTL_MS = 5 * 60_000;
/** Bounds the file when a shared token has leaked; the oldest request goes first. */
const MAX_PENDING = 100;
/** `lastUsedAtMs` is only informative, so it reaches the disk lazily and never delays a connect. */
const LAST_USED_SAVE_MS = 5_000;

export interface DeviceStoreOptions {
  /** Absolute path of the state directory. */
  stateDir: string;
  clock: Clock;
  log: Log;
}

export interface DeviceAccess {
  role: string;
  scopes: readonly string[];
}

/** Paired devices, their tokens and the requests that wait for approval. */
export interface DeviceStore {
  get(deviceId: string): PairedDevice | undefined;
  findRequest(requestId: string): PairingRequest | undefined;
  /** Newest first; without token secrets. */
  list(): { pending: PairingRequest[]; paired: PairedDeviceView[] };
  /** Asks the owner. The same device asking for the same gets its waiting request again; another wish replaces it. */
  request(device: DeviceDescription, access: DeviceAccess, remoteIp?: string): PairingRequest;
  /**
   * Pairs without asking, for a device on this machine. Adds role and scopes when it was paired already. A failed write
   * is only logged: an owner whose disk is full must still be able to sign in.
   */
  admit(device: DeviceDescription, access: DeviceAccess): Promise<void>;
  /** Undefined when there is no such request. */
  approve(requestId: string): Promise<PairedDeviceView | undefined>;
  reject(requestId: string): Promise<PairingRequest | undefined>;
  /** The token for this role; a new one only when there is none, it was revoked, or it covers less. As tolerant as `admit`. */
  issueToken(deviceId: string, access: DeviceAccess): Promise<DeviceToken>;
  /** True when `token` is this device's live token for the role and covers the scopes. */
  acceptsToken(deviceId: string, access: DeviceAccess, token: string): boolean;
  /** Undefined when the device or role is unknown. Throws nothing but a failed write. */
  rotateToken(deviceId: string, role: string, scopes?: readonly string[]): Promise<DeviceToken | undefined>;
  revokeToken(deviceId: string, role: string): Promise<DeviceToken | undefined>;
  /** Forgets a pairing with all its tokens. False when the device is unknown. */
  remove(deviceId: string): Promise<boolean>;
  subscribe(listener: (event: DeviceEvent) => void): () => void;
  /** Writes what is waiting. */
  close(): Promise<void>;
}

/** Loads the store. Rejects when a file exists and cannot be read (its path is in the error). */
export async function openDeviceStore(options: DeviceStoreOptions): Promise<DeviceStore> {
  const { clock, log } = options;
  const files = createDeviceFiles(options);
  const { pending, paired } = await files.load();
  const listeners = new Set<(event: DeviceEvent) => void>();
  const savePending = createSaveQueue(() => files.savePending(pending));
  const savePaired = createSaveQueue(() => files.savePaired(paired));
  let cancelLazySave: (() => void) | undefined;

  function emit(event: DeviceEvent): void {
    for (const listener of listeners) listener(event);
  }

  function savePairedLater(): void {
    cancelLazySave ??= clock.after(LAST_USED_SAVE_MS, () => {
      cancelLazySave = undefined;
      savePaired().catch((error: unknown) => log.warn("device usage times were not saved", { error: String(error) }));
    });
  }

  async function savePairedOrWarn(): Promise<void> {
    await savePaired().catch((error: unknown) =>
      log.error("paired devices were not saved; they must pair again after a restart", { error: String(error) }),
    );
  }

  /** Sockets are closed also when the write fails: in this process the token is dead already. */
  async function saveThenRevoke(change: { deviceId: string; role?: string; reason: string }): Promise<void> {
    try {
      await savePaired();
    } finally {
      emit({ type: "revoked", ...change });
    }
  }

  function dropExpired(): void {
    const oldest = clock.now() - PENDING_TTL_MS;
    for (const [id, request] of pending) if (request.ts < oldest) pending.delete(id);
  }

  function pair(device: DeviceDescription, { role, scopes }: DeviceAccess): PairedDevice {
    const now = clock.now();
    const known = paired.get(device.deviceId);
    // Another key under the same id is another device: nothing that was granted to the old one carries over.
    const previous = known?.publicKey === device.publicKey ? known : undefined;
    const merged = mergeScopes(previous?.scopes ?? [], scopes);
    const record: PairedDevice = {
      ...withoutUndefined(device),
      role: previous?.role ?? role,
      roles: mergeScopes(previous?.roles ?? [], [role]),
      ...(merged.length > 0 ? { scopes: merged } : {}),
      tokens: previous?.tokens ?? {},
      createdAtMs: previous?.createdAtMs ?? now,
      approvedAtMs: now,
    };
    paired.set(device.deviceId, record);
    return record;
  }

  function setToken(device: PairedDevice, role: string, scopes: readonly string[]): DeviceToken {
    const previous = device.tokens[role];
    const now = clock.now();
    const token: DeviceToken = {
      token: randomBytes(16).toString("hex"),
      role,
      scopes: [...new Set(scopes)].toSorted(),
      createdAtMs: previous?.createdAtMs ?? now,
    };
    if (previous) token.rotatedAtMs = now;
    device.tokens[role] = token;
    return token;
  }

  function ensureToken(device: PairedDevice, { role, scopes }: DeviceAccess): { token: DeviceToken; isNew: boolean } {
    const current = device.tokens[role];
    const live = current?.revokedAtMs === undefined ? current : undefined;
    if (live && scopesCover(live.scopes, scopes)) return { token: live, isNew: false };
    return { token: setToken(device, role, mergeScopes(live?.scopes ?? [], scopes)), isNew: true };
  }

  const store: DeviceStore = {
    get: (deviceId) => paired.get(deviceId),

    findRequest(requestId) {
      dropExpired();
      return pending.get(requestId);
    },

    list() {
      dropExpired();
      return {
        pending: [...pending.values()].toSorted((a, b) => b.ts - a.ts),
        paired: [...paired.values()].toSorted((a, b) => b.approvedAtMs - a.approvedAtMs).map(viewOf),
      };
    },

    request(device, { role, scopes }, remoteIp) {
      dropExpired();
      for (const waiting of pending.values()) {
        if (waiting.deviceId !== device.deviceId) continue;
        const same = waiting.role === role && waiting.publicKey === device.publicKey;
        if (same && scopesCover(waiting.scopes, scopes) && scopesCover(scopes, waiting.scopes)) return waiting;
        // What the owner approves must be what the owner saw, so another wish is another request.
        pending.delete(waiting.requestId);
      }
      const request: PairingRequest = {
        requestId: randomUUID(),
        ...withoutUndefined(device),
        role,
        roles: [role],
        scopes: [...scopes],
        ...(remoteIp === undefined ? {} : { remoteIp }),
        silent: false,
        isRepair: paired.has(device.deviceId),
        ts: clock.now(),
      };
      for (const oldest of pending.keys()) {
        if (pending.size < MAX_PENDING) break;
        pending.delete(oldest);
      }
      pending.set(request.requestId, request);
      savePending().catch((error: unknown) => log.warn("pairing request was not saved", { error: String(error) }));
      emit({ type: "requested", request });
      return request;
    },

    async admit(device, access) {
      ensureToken(pair(device, access), access);
      emit({
        type: "resolved",
        requestId: randomUUID(),
        deviceId: device.deviceId,
        decision: "approved",
        ts: clock.now(),
      });
      await savePairedOrWarn();
    },

    async approve(requestId) {
      const request = store.findRequest(requestId);
      if (!request) return undefined;
      pending.delete(requestId);
      const device = pair(describe(request), request);
      ensureToken(device, request);
      await Promise.all([savePaired(), savePending()]);
      emit({ type: "resolved", requestId, deviceId: request.deviceId, decision: "approved", ts: clock.now() });
      return viewOf(device);
    },

    async reject(requestId) {
      const request = store.findRequest(requestId);
      if (!request) return undefined;
      pending.delete(requestId);
      await savePending();
      emit({ type: "resolved", requestId, deviceId: request.deviceId, decision: "rejected", ts: clock.now() });
      return request;
    },

    async issueToken(deviceId, access) {
      const device = paired.get(deviceId);
      if (!device) throw new Error(`device ${deviceId} is not paired`);
      const { token, isNew } = ensureToken(device, access);
      if (isNew) await savePairedOrWarn();
      return token;
    },

    acceptsToken(deviceId, { role, scopes }, presented) {
      const token = paired.get(deviceId)?.tokens[role];
      if (!token || token.revokedAtMs !== undefined || !secretsEqual(token.token, presented)) return false;
      if (!scopesCover(token.scopes, scopes)) return false;
      token.lastUsedAtMs = clock.now();
      savePairedLater();
      return true;
    },

    async rotateToken(deviceId, role, scopes) {
      const device = paired.get(deviceId);
      if (!device?.roles.includes(role)) return undefined;
      const token = setToken(device, role, scopes ?? device.tokens[role]?.scopes ?? device.scopes ?? []);
      await saveThenRevoke({ deviceId, role, reason: "device token rotated" });
      return token;
    },

    async revokeToken(deviceId, role) {
      const token = paired.get(deviceId)?.tokens[role];
      if (!token) return undefined;
      token.revokedAtMs = clock.now();
      await saveThenRevoke({ deviceId, role, reason: "device token revoked" });
      return token;
    },

    async remove(deviceId) {
      if (!paired.delete(deviceId)) return false;
      await saveThenRevoke({ deviceId, reason: "device pairing removed" });
      return true;
    },

    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    async close() {
      cancelLazySave?.();
      const hadLazySave = cancelLazySave !== undefined;
      cancelLazySave = undefined;
      await Promise.all([hadLazySave ? savePaired() : savePaired.idle(), savePending.idle()]);
    },
  };
  return store;
}

function describe(request: PairingRequest): DeviceDescription {
  const { deviceId, publicKey, displayName, platform, clientId, clientMode } = request;
  return withoutUndefined({ deviceId, publicKey, displayName, platform, clientId, clientMode });
}

function viewOf({ tokens, ...device }: PairedDevice): PairedDeviceView {
  return { ...device, tokens: Object.values(tokens).map(({ token: _secret, ...rest }) => rest) };
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}
