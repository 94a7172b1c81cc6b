import { OpenClawError, type Clock, type Log } from "@openclaw/core";
import { envKey, knownProvider } from "../models/known-providers.ts";
import type { Failure } from "../runtime/failure.ts";
import type { ConfiguredProvider } from "../settings.ts";
import type { AuthStore, AuthView } from "./auth-store.ts";
import { afterFailure, afterSuccess, causesRest, isClean, restOf } from "./cooldown.ts";
import type { CooldownPolicy, ProfileStats, Rest } from "./cooldown.ts";
import { secretOf, secretTag, shownProfile } from "./credential.ts";
import { loadFlow, OAUTH_FLOWS, type OAuthFlows } from "./oauth-flows.ts";
import { orderProfiles, restOfProfile, type AuthPreferences } from "./profile-order.ts";
import { renewOAuth } from "./renew-oauth.ts";

/** A profile that a session keeps to. A person's choice is the only one tried, one made by us just the first. */
export interface ProfilePin {
  id: string;
  source: "user" | "auto";
}

/** One way to sign requests to a provider. */
export interface CredentialOption {
  /** Profile id; `env:<VARIABLE>`, `config:<provider>` or `none:<provider>` without profiles. */
  id: string;
  isProfile: boolean;
  /** For messages: where the secret is. Never the secret. */
  from: string;
  /** Present: it failed a short while ago. */
  rest?: Rest;
}

/** What goes into a request. */
export interface RequestCredential {
  /** Undefined: the provider gets none. */
  key?: string;
  headers?: Readonly<Record<string, string | null>>;
  baseUrl?: string;
}

export interface CredentialsOptions {
  store: AuthStore;
  preferences: AuthPreferences;
  policy: CooldownPolicy;
  providers(): Readonly<Record<string, ConfiguredProvider>>;
  env: Readonly<Record<string, string | undefined>>;
  /** Servers on this machine need no key. */
  isLocal(provider: string): boolean;
  flows?: OAuthFlows;
  clock: Clock;
  log: Log;
}

export interface Credentials {
  /** In the order to try them. Empty: the provider needs one and there is none. */
  options(provider: string, model: string, pin?: ProfilePin): CredentialOption[];
  /** Looks the secret up, renews it when needed, and counts as the probe of one that rests. Throws `AUTH_*`. */
  open(option: CredentialOption): Promise<RequestCredential>;
  /** Notes how a request ended; undefined is an answer. Writes in the background. */
  note(provider: string, model: string, option: CredentialOption, failure: Failure | undefined): void;
  /** The profile that a request to the provider would use. */
  profileFor(provider: string): string | undefined;
  /** Resolves when everything noted so far is on disk. */
  settled(): Promise<void>;
}

/** Writing down each use would cost a file write for each request; the order of use needs less. */
const USE_RESOLUTION_MS = 60_000;
const PROBE_CLAIM_MS = 60_000;

export function createCredentials(options: CredentialsOptions): Credentials {
  const { store, preferences, policy, env, clock, log, flows = OAUTH_FLOWS } = options;
  /** Statistics that are not, or not yet, in a file. */
  const recent = new Map<string, ProfileStats>();
  const probes = new Map<string, number>();
  const writes = new Set<Promise<void>>();

  const view = (): AuthView => {
    const stored = store.read();
    return recent.size === 0 ? stored : { ...stored, stats: { ...stored.stats, ...Object.fromEntries(recent) } };
  };

  /** Keys outside of profiles. Undefined: there is none and one is needed. */
  const keyOutside = (provider: string): { id: string; key?: string; from: string } | undefined => {
    const entry = options.providers()[provider];
    const id = `config:${provider}`;
    if (entry?.apiKey) {
      return { id, key: keyOrVariable(entry.apiKey, env), from: `models.providers.${provider}.apiKey` };
    }
    const known = knownProvider(provider);
    // A key from the environment belongs to the provider's own address, not to wherever baseUrl was pointed.
    const elsewhere =
      entry?.baseUrl !== undefined && !(known && URL.parse(entry.baseUrl)?.host === URL.parse(known.baseUrl)?.host);
    const found = known && !elsewhere ? envKey(known, env) : undefined;
    if (found) return { id: `env:${found.variable}`, key: found.key, from: found.variable };
    const ambient = known?.ambient?.(env);
    if (ambient || entry?.auth === "aws-sdk") return { id: `none:${provider}`, from: ambient ?? "AWS credentials" };
    // A server of one's own may want no key; if it does, its 401 says so.
    if (options.isLocal(provider) || elsewhere || hasAuthorization(entry)) {
      return { id: `none:${provider}`, from: "no key" };
    }
    return undefined;
  };

  const withRest = (option: Omit<CredentialOption, "rest">, rest: Rest | undefined): CredentialOption => {
    if (!rest) return option;
    const probe = rest.probe && (probes.get(option.id) ?? 0) <= clock.now();
    return { ...option, rest: { ...rest, probe } };
  };

  const asOption = (id: string, model: string, from: AuthView): CredentialOption =>
    withRest(
      { id, isProfile: true, from: `auth profile ${shownProfile(id)}` },
      restOfProfile(id, model, from, clock.now()),
    );

  const write = (id: string, change: Parameters<AuthStore["update"]>[1]) => {
    const noted = recent.get(id);
    const job = store.update(id, change).then(
      () => {
        if (recent.get(id) === noted) recent.delete(id);
      },
      // What could not be written still counts until this process ends.
      (error: unknown) => log.warn(`Could not note the use of ${shownProfile(id)}.`, { error: String(error) }),
    );
    writes.add(job);
    void job.then(() => writes.delete(job));
  };

  return {
    options(provider, model, pin) {
      const now = view();
      const ids = orderProfiles(provider, model, now, preferences, clock.now());
      if (ids.length === 0) {
        const outside = keyOutside(provider);
        if (!outside) return [];
        const rest = restOf(recent.get(outside.id), model, clock.now());
        return [withRest({ id: outside.id, isProfile: false, from: outside.from }, rest)];
      }
      const found = ids.map((id) => asOption(id, model, now));
      const pinned = found.find(({ id }) => id === pin?.id);
      if (!pinned) return found;
      if (pin?.source === "user") return [pinned];
      return pinned.rest ? found : [pinned, ...found.filter((option) => option !== pinned)];
    },
    async open(option) {
      if (option.rest) probes.set(option.id, clock.now() + PROBE_CLAIM_MS);
      if (!option.isProfile) {
        const provider = option.id.startsWith("config:") ? option.id.slice("config:".length) : undefined;
        const key = option.id.startsWith("env:")
          ? env[option.id.slice("env:".length)]?.trim()
          : provider && keyOutside(provider)?.key;
        return key ? { key } : {};
      }
      const credential = store.read().profiles[option.id];
      if (credential?.type === "oauth") {
        const renewed = await renewOAuth(option.id, { store, flows, clock, log });
        if (!flows[credential.provider]) return { key: renewed.access };
        const { access = "", refresh = "", expires = 0 } = renewed;
        const flow = await loadFlow(credential.provider, flows);
        const { apiKey, headers, baseUrl } = await flow.toAuth({ ...renewed, access, refresh, expires });
        return { ...(apiKey ? { key: apiKey } : {}), ...(headers ? { headers } : {}), ...(baseUrl ? { baseUrl } : {}) };
      }
      const key = credential && secretOf(credential, clock.now());
      if (key) return { key };
      throw new OpenClawError({
        code: "AUTH_PROFILE_GONE",
        message: `The profile ${shownProfile(option.id)} was removed or has expired.`,
        hint: "Send the message again.",
      });
    },
    note(provider, model, { id, isProfile }, failure) {
      if (failure && !causesRest(failure.kind)) return;
      const now = clock.now();
      const { stats: known, lastGood, profiles } = view();
      const old = known[id] ?? recent.get(id);
      const credential = profiles[id];
      const next = (stats: ProfileStats): ProfileStats => {
        if (!failure) return afterSuccess(stats, model, now);
        const failed = afterFailure(stats, { provider, model, failure, now, policy });
        return credential ? { ...failed, secretTag: secretTag(credential) } : failed;
      };
      probes.delete(id);
      if (!failure && isClean(old) && lastGood[provider] === id && now - (old?.lastUsed ?? 0) < USE_RESOLUTION_MS) {
        return;
      }
      recent.set(id, next(old ?? {}));
      if (!isProfile) return;
      write(id, (data) => {
        if (!(id in data.profiles)) return false;
        // Another agent may have noted something since; a copy in the main agent's file may be older than ours.
        data.usageStats = { ...data.usageStats, [id]: next(data.usageStats?.[id] ?? old ?? {}) };
        if (!failure) data.lastGood = { ...data.lastGood, [provider]: id };
        return true;
      });
    },
    profileFor: (provider) => orderProfiles(provider, "", view(), preferences, clock.now())[0],
    async settled() {
      await Promise.all(writes);
    },
  };
}

/** `apiKey: "LITELLM_KEY"` may name a variable; anything else is the key itself. */
function keyOrVariable(text: string, env: Readonly<Record<string, string | undefined>>): string {
  return /^[A-Z][A-Z0-9_]+$/.test(text) ? env[text] || text : text;
}

function hasAuthorization(entry: ConfiguredProvider | undefined): boolean {
  return Object.keys(entry?.headers ?? {}).some((name) => /^(authorization|x-api-key|x-goog-api-key)$/i.test(name));
}
