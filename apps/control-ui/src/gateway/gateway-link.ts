import { createDeviceIdentity, createGatewayClient, generateDeviceKey, GatewayError } from "@openclaw/protocol/client";
import type { DeviceIdentity, Disconnect, GatewayClient } from "@openclaw/protocol/client";
import {
  forgetDeviceKey,
  forgetDeviceToken,
  loadDeviceKey,
  loadDeviceToken,
  saveDeviceKey,
  saveDeviceToken,
} from "../storage/device-storage.ts";
import { isRecord, textFrom } from "../wire/narrow.ts";
import type { KeyValueStorage } from "../storage/json-record.ts";
import type { Settings } from "../storage/settings.ts";
import { createStore } from "../store/store.ts";
import type { Store } from "../store/store.ts";
import { readHello } from "./hello.ts";
import { RequestRefused } from "./link.ts";
import type { GatewayEvent, GatewayLink, LinkStatus } from "./link.ts";
import { explainRefusal, insecurePage } from "./refusal.ts";

/** Same as the command line's: what an operator may do here, they may do there. */
const scopes = ["operator.admin", "operator.approvals", "operator.pairing"];

/** While a browser waits for approval, the gateway is asked again this often, ms. */
const approvalPollMs = 4_000;

export interface GatewayLinkOptions {
  /** Always the host that served the page. */
  url: string;
  /** Whether the browser gives this page keys (`isSecureContext`). */
  secure: boolean;
  settings: Store<Settings>;
  storage: KeyValueStorage;
}

interface Credentials {
  token?: string;
  password?: string;
}

/** The page's one connection: signs in with what it has, comes back after a loss, and says why it cannot. */
export function createGatewayLink({ url, secure, settings, storage }: GatewayLinkOptions): GatewayLink {
  const status = createStore<LinkStatus>({ phase: "connecting" });
  const eventListeners = new Set<(event: GatewayEvent) => void>();
  const staleListeners = new Set<() => void>();
  const instanceId = Math.random().toString(36).slice(2);
  let client: GatewayClient | undefined;
  let credentials: Credentials = {};
  /** Counts sign-ins and sign-outs: what began before the last one is void. */
  let era = 0;
  let approvalTimer: ReturnType<typeof setTimeout> | undefined;

  function hangUp(): void {
    era += 1;
    clearTimeout(approvalTimer);
    void client?.close();
    client = undefined;
  }

  async function open(): Promise<void> {
    hangUp();
    const begun = era;
    const identity = secure ? await loadIdentity(storage) : undefined;
    if (begun !== era) return;
    const next = createGatewayClient({
      url,
      // Decided above: an insecure page connects only after the person has signed in on it by hand.
      allowInsecure: true,
      client: {
        id: "openclaw-control-ui",
        mode: "webchat",
        version: import.meta.env.VITE_VERSION,
        platform: navigator.platform || "web",
        instanceId,
      },
      scopes,
      caps: ["tool-events"],
      locale: navigator.language,
      userAgent: navigator.userAgent,
      ...credentials,
      identity,
      tokenStore: {
        load: ({ deviceId }) => loadDeviceToken(storage, deviceId),
        save: ({ deviceId }, token) => saveDeviceToken(storage, deviceId, token),
        drop: () => forgetDeviceToken(storage),
      },
    });
    client = next;
    next.on("hello", (hello) => {
      status.set({ phase: "ready", hello: readHello(hello, Date.now()) });
      markStale();
    });
    next.on("gap", markStale);
    next.on("event", ({ event, payload }) => {
      for (const listener of eventListeners) listener({ event, payload });
    });
    next.on("disconnect", (end) => {
      if (begun === era) onDisconnect(end);
    });
    // Its outcome arrives as events as well.
    next.connect().catch(() => undefined);
  }

  function markStale(): void {
    for (const listener of staleListeners) listener();
  }

  function onDisconnect({ refused, error }: Disconnect): void {
    const current = status.get();
    const details = isRecord(error.details) ? error.details : {};
    const reason = textFrom(details.reason) ?? error.message;
    if (!refused) {
      const known = current.phase === "ready" || current.phase === "offline";
      const trouble = error.code === "UNAVAILABLE" ? `The gateway says: ${reason}.` : "The gateway does not answer.";
      status.set(known ? { phase: "offline", hello: current.hello } : { phase: "connecting", trouble });
      return;
    }
    const refusal = explainRefusal({
      message: reason,
      requestId: textFrom(details.requestId),
    });
    if (refusal.forget === "token") settings.update((stored) => ({ ...stored, token: undefined }));
    if (refusal.forget === "key") forgetDeviceKey(storage);
    if (refusal.kind === "approval") approvalTimer = setTimeout(() => void open(), approvalPollMs);
    status.set({ phase: "signed-out", refusal });
  }

  return {
    status,
    async request(method, params) {
      if (!client) throw new Error("not signed in");
      try {
        return await client.request(method, params);
      } catch (error) {
        throw isAnswer(error) ? new RequestRefused(error.code, error.message) : error;
      }
    },
    onEvent(listener) {
      eventListeners.add(listener);
      return () => eventListeners.delete(listener);
    },
    onStale(listener) {
      staleListeners.add(listener);
      return () => staleListeners.delete(listener);
    },
    start() {
      const { token, insecureAccepted } = settings.get();
      credentials = { token };
      if (secure || insecureAccepted) void open();
      else status.set({ phase: "signed-out", refusal: insecurePage });
    },
    signIn(given) {
      credentials = given;
      settings.update((stored) => ({ ...stored, token: given.token, insecureAccepted: secure ? undefined : true }));
      // What was typed now is meant, not what an earlier sign-in left.
      forgetDeviceToken(storage);
      status.set({ phase: "connecting" });
      void open();
    },
    signOut() {
      hangUp();
      credentials = {};
      forgetDeviceToken(storage);
      settings.update((stored) => ({ ...stored, token: undefined, insecureAccepted: undefined }));
      status.set({ phase: "signed-out" });
    },
    retryNow: () => void open(),
  };
}

/** The gateway said no, or did not answer in time over a connection that stands: trying again is the person's choice. */
function isAnswer(error: unknown): error is GatewayError {
  if (!GatewayError.is(error)) return false;
  return (
    !error.code.startsWith("GATEWAY_") ||
    error.code === "GATEWAY_REQUEST_TIMEOUT" ||
    error.code === "GATEWAY_REQUEST_TOO_LARGE"
  );
}

/** This browser's key, made on the first visit. A browser that cannot make one connects without. */
async function loadIdentity(storage: KeyValueStorage): Promise<DeviceIdentity | undefined> {
  try {
    const known = loadDeviceKey(storage);
    const key = known ?? (await generateDeviceKey());
    if (!known) saveDeviceKey(storage, key);
    return await createDeviceIdentity(key);
  } catch {
    return undefined;
  }
}
