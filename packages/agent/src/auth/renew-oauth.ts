import { createHash } from "node:crypto";
import { join } from "node:path";
import { OpenClawError, type Clock, type Log } from "@openclaw/core";
import { safeDetail } from "../runtime/failure.ts";
import type { AuthStore } from "./auth-store.ts";
import { shownProfile, type OAuthCredential } from "./credential.ts";
import { withFileLock } from "./file-lock.ts";
import { loadFlow, type OAuthFlows } from "./oauth-flows.ts";

/** Renewed this long before the end, so that no request is caught by it. */
const EARLY_MS = 5 * 60_000;
const RENEW_TIMEOUT_MS = 15_000;
/** Longer than one renewal by somebody else takes. */
const LOCK_WAIT_MS = 20_000;

export interface RenewOptions {
  store: AuthStore;
  flows: OAuthFlows;
  clock: Clock;
  log: Log;
}

/**
 * The sign-in with an access token that is still good for some minutes. Renews it at most once, however many requests,
 * agents and processes ask at the same time: a second renewal would be refused, as the first one uses the refresh token
 * up. Throws `AUTH_RENEW_FAILED` when the token has expired and could not be renewed.
 */
export async function renewOAuth(id: string, { store, flows, clock, log }: RenewOptions): Promise<OAuthCredential> {
  const current = () => {
    const credential = store.read().profiles[id];
    if (credential?.type === "oauth") return credential;
    throw new OpenClawError({
      code: "AUTH_PROFILE_GONE",
      message: `The sign-in ${shownProfile(id)} was removed.`,
      hint: "Send the message again.",
    });
  };
  const before = current();
  if (!endsSoon(before, clock.now())) return before;
  const name = createHash("sha256").update(id).digest("hex").slice(0, 8);
  try {
    return await withFileLock(join(store.lockDir, `auth-renew-${name}.lock`), { waitMs: LOCK_WAIT_MS }, async () => {
      const now = current();
      // Whoever held the lock before us has done it.
      if (!endsSoon(now, clock.now())) return now;
      const flow = await loadFlow(now.provider, flows);
      const { access, refresh, expires } = now;
      const renewed = await flow.refresh(
        { ...now, access: access ?? "", refresh: refresh ?? "", expires: expires ?? 0 },
        AbortSignal.timeout(RENEW_TIMEOUT_MS),
      );
      const credential: OAuthCredential = { ...now, ...renewed, type: "oauth", provider: now.provider };
      await store.updateAll(id, (data) => {
        if (data.profiles[id]?.type !== "oauth") return false;
        data.profiles[id] = credential;
        return true;
      });
      return credential;
    });
  } catch (error) {
    const now = current();
    const reason = safeDetail(error instanceof Error ? error.message : String(error));
    if (now.access && (now.expires ?? 0) > clock.now()) {
      log.warn(`The sign-in ${shownProfile(id)} could not be renewed yet.`, { reason });
      return now;
    }
    const gone = /invalid_grant|invalid_token|\(40[0-3]\)|revoked|expired/i.test(reason);
    throw new OpenClawError({
      code: "AUTH_RENEW_FAILED",
      message: `The sign-in ${shownProfile(id)} has expired and could not be renewed.`,
      hint: gone
        ? `Sign in again: openclaw models auth login --provider ${now.provider}.`
        : "Check the network and try again.",
      details: { failure: gone ? "auth" : "network", reason },
      cause: error,
    });
  }
}

function endsSoon(credential: OAuthCredential, now: number): boolean {
  return Boolean(credential.refresh) && (!credential.access || (credential.expires ?? 0) - now <= EARLY_MS);
}
