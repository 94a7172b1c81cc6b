import { OpenClawError, silentLog, systemClock, type Clock, type Log } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import { KNOWN_PROVIDERS, knownProvider } from "../models/known-providers.ts";
import { localServerBase } from "../models/local-servers.ts";
import { createModelCatalog } from "../models/model-catalog.ts";
import { normalizeProvider } from "../models/reference.ts";
import { readSettings } from "../settings.ts";
import type { Rest } from "./cooldown.ts";
import type { Credential } from "./credential.ts";
import { loadFlow, OAUTH_FLOWS, type LoginInteraction, type OAuthFlows } from "./oauth-flows.ts";
import { agentFolder, openAuth } from "./open-auth.ts";

export interface ModelAuthOptions {
  agentId: string;
  config: OpenClawConfig;
  stateDir: string;
  env: Readonly<Record<string, string | undefined>>;
  clock?: Clock;
  log?: Log;
  oauthFlows?: OAuthFlows;
}

/** One profile, without its secret. Times are epoch ms. */
export interface ProfileStatus {
  id: string;
  type: Credential["type"];
  email?: string;
  /** When it ends by itself. A sign-in is renewed before. */
  expires?: number;
  lastUsed?: number;
  errorCount?: number;
  /** It failed a short while ago: until when it is spared, and why. */
  rest?: Pick<Rest, "until" | "reason">;
  /** The rest counts for this model alone. */
  restModel?: string;
  /** Empty, or expired for good: never used. */
  unusable: boolean;
}

/** How one provider is signed in. */
export interface ProviderAuthStatus {
  provider: string;
  label: string;
  /** In the order in which requests try them; unusable ones last. */
  profiles: ProfileStatus[];
  /** Where a key comes from when there is no profile, e.g. `OPENAI_API_KEY`. */
  outside?: string;
  /** What the next request uses: a profile id, or `outside`. Undefined: there is nothing. */
  uses?: string;
  /** An order that somebody set, and where. */
  order?: { ids: readonly string[]; from: "stored" | "config" };
}

/** Looks after the credentials of one agent, for the command line and the gateway. No secret ever comes out. */
export interface ModelAuth {
  /** The file that new profiles are written to. */
  readonly path: string;
  /** Providers with anything to sign in with, the known ones first. */
  status(): ProviderAuthStatus[];
  /** Stores a key; returns the profile's id. Throws `AUTH_SECRET_INVALID` or `AUTH_PROFILE_NAME`. */
  addKey(input: { provider: string; key: string; name?: string; email?: string }): Promise<string>;
  /** Stores a token that is not renewed, e.g. of `claude setup-token`. `expires` in epoch ms. */
  addToken(input: { provider: string; token: string; name?: string; expires?: number }): Promise<string>;
  /** Signs in; returns the profile's id. Throws `AUTH_LOGIN_UNSUPPORTED`, and what the sign-in throws. */
  login(input: { provider: string; name?: string; interaction: LoginInteraction }): Promise<string>;
  /** Providers one can sign in to. */
  loginProviders(): string[];
  /** Sets the stored order of a provider, or with none lets go of it. Throws `AUTH_PROFILE_UNKNOWN`. */
  setOrder(provider: string, ids: readonly string[] | undefined): Promise<void>;
  /** Takes a profile out of the store. False: it was not there. */
  remove(id: string): Promise<boolean>;
}

export function createModelAuth(options: ModelAuthOptions): ModelAuth {
  const { agentId, config, stateDir, env, clock = systemClock, log = silentLog, oauthFlows = OAUTH_FLOWS } = options;
  const settings = readSettings({ agentId, config, stateDir, env });
  const catalog = createModelCatalog({
    settings,
    agentDir: agentFolder({ settings, stateDir, agentId, env }),
    env,
    log,
  });
  const { store, credentials } = openAuth({
    settings,
    stateDir,
    agentId,
    env,
    clock,
    log,
    flows: oauthFlows,
    providers: () => catalog.providers(),
    isLocal: (id) => localServerBase(id, { env }) !== undefined,
  });

  const put = async (id: string, credential: Credential): Promise<string> => {
    // A profile of the main agent is replaced there; the store knows where it is.
    await store.update(id, (data) => {
      data.profiles[id] = credential;
      if (data.usageStats) delete data.usageStats[id];
      // A stored order is the whole list: without its place in it the new profile would never be used.
      const order = data.order?.[providerOf(id)];
      if (order && !order.includes(id)) order.push(id);
      return true;
    });
    return id;
  };

  return {
    path: store.path,
    status() {
      const view = store.read();
      const named = Object.values(view.profiles).map((credential) => normalizeProvider(credential.provider));
      const ids = [...KNOWN_PROVIDERS.map(({ id }) => id), ...Object.keys(catalog.providers()), ...named];
      return [...new Set(ids)].flatMap((provider): ProviderAuthStatus[] => {
        const tried = credentials.options(provider, "");
        const profiles = Object.entries(view.profiles)
          .filter(([, credential]) => normalizeProvider(credential.provider) === provider)
          .map(([id, credential]): ProfileStatus => {
            const stats = view.stats[id];
            const rest = tried.find((option) => option.id === id)?.rest ?? restOfOneModel(stats, clock.now());
            return {
              id,
              type: credential.type,
              ...(credential.email ? { email: credential.email } : {}),
              ...("expires" in credential && credential.expires ? { expires: credential.expires } : {}),
              ...(stats?.lastUsed ? { lastUsed: stats.lastUsed } : {}),
              ...(stats?.errorCount ? { errorCount: stats.errorCount } : {}),
              ...(rest ? { rest: { until: rest.until, reason: rest.reason } } : {}),
              ...(rest && stats?.cooldownModel ? { restModel: stats.cooldownModel } : {}),
              unusable: !tried.some((option) => option.id === id),
            };
          });
        const rank = (id: string) =>
          (tried.findIndex((option) => option.id === id) + tried.length + 1) % (tried.length + 1);
        profiles.sort((a, b) => rank(a.id) - rank(b.id));
        const outside = tried.find((option) => !option.isProfile && !option.id.startsWith("none:"))?.from;
        if (profiles.length === 0 && !outside) return [];
        const order = storedOrConfigured(provider);
        const uses = tried[0] && (tried[0].isProfile ? tried[0].id : outside);
        return [
          {
            provider,
            label: knownProvider(provider)?.label ?? provider,
            profiles,
            ...(outside ? { outside } : {}),
            ...(uses ? { uses } : {}),
            ...(order ? { order } : {}),
          },
        ];
      });
    },
    addKey({ provider, key, name, email }) {
      const secret = cleanSecret(key);
      const id = profileId(provider, name);
      // What `claude setup-token` prints is often taken for a key; it is used in another way.
      if (secret.startsWith("sk-ant-oat")) return put(id, { type: "token", provider: providerOf(id), token: secret });
      return put(id, { type: "api_key", provider: providerOf(id), key: secret, ...(email ? { email } : {}) });
    },
    addToken({ provider, token, name, expires }) {
      const id = profileId(provider, name);
      const secret = cleanSecret(token);
      return put(id, { type: "token", provider: providerOf(id), token: secret, ...(expires ? { expires } : {}) });
    },
    async login({ provider, name, interaction }) {
      const flow = await loadFlow(provider, oauthFlows);
      const signal = interaction.signal ?? new AbortController().signal;
      const found = await flow.login({ ...interaction, signal });
      const email = emailIn(found.access);
      const id = profileId(provider, name ?? email);
      return put(id, { ...found, type: "oauth", provider: providerOf(id), ...(email ? { email } : {}) });
    },
    loginProviders: () => Object.keys(oauthFlows),
    async setOrder(provider, ids) {
      const canonical = normalizeProvider(provider);
      const { profiles } = store.read();
      const known = Object.keys(profiles).filter((id) => normalizeProvider(profiles[id]!.provider) === canonical);
      const unknown = ids?.filter((id) => !known.includes(id)) ?? [];
      if (unknown.length > 0) {
        throw new OpenClawError({
          code: "AUTH_PROFILE_UNKNOWN",
          message: `${canonical} has no profile ${unknown.join(", ")}.`,
          hint: known.length > 0 ? `It has ${known.join(", ")}.` : "Add one: openclaw models auth add.",
        });
      }
      await store.update("", (data) => {
        const order = Object.entries(data.order ?? {}).filter(([id]) => normalizeProvider(id) !== canonical);
        if (ids) order.push([canonical, [...ids]]);
        if (order.length > 0) data.order = Object.fromEntries(order);
        else delete data.order;
        return true;
      });
    },
    async remove(id) {
      let found = false;
      await store.updateAll(id, (data) => {
        found = true;
        delete data.profiles[id];
        if (data.usageStats) delete data.usageStats[id];
        for (const [provider, ids] of Object.entries(data.order ?? {})) {
          data.order![provider] = ids.filter((other) => other !== id);
        }
        for (const [provider, last] of Object.entries(data.lastGood ?? {})) {
          if (last === id) delete data.lastGood![provider];
        }
        return true;
      });
      return found;
    },
  };

  function storedOrConfigured(provider: string): ProviderAuthStatus["order"] {
    const stored = store.read().order[provider];
    if (stored) return { ids: stored, from: "stored" };
    const configured = Object.entries(settings.authOrder).find(([id]) => normalizeProvider(id) === provider)?.[1];
    return configured && { ids: configured, from: "config" };
  }
}

/** A rest that counts for one model alone; the status is asked for none. */
function restOfOneModel(
  stats: { cooldownModel?: string; cooldownUntil?: number } | undefined,
  now: number,
): Pick<Rest, "until" | "reason"> | undefined {
  if (!stats?.cooldownModel || (stats.cooldownUntil ?? 0) <= now) return undefined;
  return { until: stats.cooldownUntil!, reason: "rate-limit" };
}

function profileId(provider: string, name = "default"): string {
  const canonical = normalizeProvider(provider);
  if (/^[a-z0-9][a-z0-9._-]*$/.test(canonical) && /^[^\s:/\\]{1,120}$/.test(name)) return `${canonical}:${name}`;
  throw new OpenClawError({
    code: "AUTH_PROFILE_NAME",
    message: `"${provider}:${name}" cannot name a profile.`,
    hint: "Use a provider id, and a name without spaces and colons, e.g. work.",
  });
}

function providerOf(id: string): string {
  return id.slice(0, id.indexOf(":"));
}

/** Pasted secrets come with line breaks, quotes or the name of their variable. */
function cleanSecret(text: string): string {
  const secret = text
    .trim()
    .replace(/^(?:export\s+)?[A-Z][A-Z0-9_]*=/, "")
    .replace(/^(["'])(.*)\1$/s, "$2")
    .replaceAll(/[\r\n]+/g, "");
  if (secret.length >= 8 && !/\s/.test(secret)) return secret;
  throw new OpenClawError({
    code: "AUTH_SECRET_INVALID",
    message: secret === "" ? "No key was given." : "That is not a key: it is too short, or has spaces in it.",
    hint: "Paste the key alone, as the provider showed it.",
  });
}

/** The account of a sign-in, when its token says so. */
function emailIn(token: unknown): string | undefined {
  if (typeof token !== "string") return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    const profile = (claims as Record<string, { email?: unknown } | undefined>)["https://api.openai.com/profile"];
    const email = (claims as { email?: unknown }).email ?? profile?.email;
    return typeof email === "string" && /^[^\s:/\\]+@[^\s:/\\]+$/.test(email) ? email : undefined;
  } catch {
    return undefined;
  }
}
