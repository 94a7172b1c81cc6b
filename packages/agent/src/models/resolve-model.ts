import { OpenClawError } from "@openclaw/core";
import type { AgentSettings, ConfiguredProvider } from "../settings.ts";
import type { ModelResolution } from "../types.ts";
import type { AuthProfiles } from "./auth-profiles.ts";
import { envKey, KNOWN_PROVIDERS, knownProvider } from "./known-providers.ts";
import type { LocalProbe } from "./local-servers.ts";
import { OFFLINE_REF } from "./model-catalog.ts";
import { formatRef, parseModelReference, type ModelRef } from "./reference.ts";

export interface ResolveModelOptions {
  settings: AgentSettings;
  /** Configured providers, ids canonical. */
  providers: Readonly<Record<string, ConfiguredProvider>>;
  env: Readonly<Record<string, string | undefined>>;
  auth: AuthProfiles;
  local: LocalProbe;
  /** Ask local servers even if they were asked a moment ago. */
  fresh?: boolean;
}

/**
 * Decides which model a turn uses: the requested one, the configured one, one whose key is at hand, a local server, the
 * built-in rules. What is configured is never replaced, even when it cannot work: its error is more useful than an
 * answer from something else. Throws `MODEL_REFERENCE_INVALID` or `MODEL_NOT_ALLOWED`.
 */
export async function resolveModel(
  reference: string | undefined,
  { settings, providers, env, auth, local, fresh }: ResolveModelOptions,
): Promise<ModelResolution> {
  const steps: string[] = [];
  const decided = (ref: ModelRef, source: ModelResolution["source"], step: string): ModelResolution => ({
    provider: ref.provider,
    model: ref.model,
    kind: ref.provider === OFFLINE_REF.provider ? "rules" : "llm",
    source,
    steps: [...steps, step],
  });

  if (reference?.trim()) {
    const ref = parseModelReference(reference, settings.models);
    requireAllowed(ref, settings);
    return decided(ref, "session", `requested: ${formatRef(ref)}`);
  }
  if (settings.primary) {
    const ref = parseModelReference(settings.primary, settings.models);
    return decided(ref, "config", `configured: ${formatRef(ref)} (agents.defaults.model or the agent's own)`);
  }
  steps.push("configured model: none (agents.defaults.model)");

  for (const [provider, entry] of Object.entries(providers)) {
    const first = entry.models?.[0];
    if (first)
      return decided({ provider, model: first.id }, "config", `configured provider: models.providers.${provider}`);
  }
  steps.push("configured providers: none with a model (models.providers)");

  for (const provider of KNOWN_PROVIDERS) {
    const ref = { provider: provider.id, model: provider.defaultModel };
    const profile = auth.pick(provider.id);
    if (profile) return decided(ref, "auth-profile", `auth profile ${profile.id}: ${formatRef(ref)}`);
    const found = envKey(provider, env);
    if (found) return decided(ref, "env", `${found.variable} is set: ${formatRef(ref)}`);
  }
  steps.push("keys in the environment or auth profiles: none");

  const probed = await local.find({ fresh: fresh ?? false });
  steps.push(...probed.steps);
  const server = probed.servers[0];
  if (server?.models[0]) {
    const ref = { provider: server.id, model: server.models[0] };
    return decided(ref, "local-server", `${server.label} answers: ${formatRef(ref)}`);
  }
  return decided(OFFLINE_REF, "offline", "no language model found: built-in rules");
}

/** The models tried after the first one failed: fallbacks in order, then the configured primary. */
export function fallbackRefs(first: ModelRef, settings: AgentSettings): ModelRef[] {
  const refs = [...settings.fallbacks, ...(settings.primary ? [settings.primary] : [])].map((text) =>
    parseModelReference(text, settings.models),
  );
  const seen = new Set([formatRef(first)]);
  return refs.filter((ref) => {
    const name = formatRef(ref);
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

/** `agents.defaults.models` is an allowlist as soon as it has an entry; the primary and fallbacks are always allowed. */
function requireAllowed(ref: ModelRef, settings: AgentSettings): void {
  const configured = Object.keys(settings.models);
  if (configured.length === 0) return;
  const allowed = [...configured, ...settings.fallbacks, ...(settings.primary ? [settings.primary] : [])];
  const names = allowed.map((text) => formatRef(parseModelReference(text, settings.models)));
  if (names.includes(formatRef(ref)) || ref.provider === OFFLINE_REF.provider) return;
  throw new OpenClawError({
    code: "MODEL_NOT_ALLOWED",
    message: `${formatRef(ref)} is not one of the models in agents.defaults.models.`,
    hint: `Choose one of ${names.slice(0, 8).join(", ")}, or add it there.`,
  });
}

export interface RequestKey {
  /** Undefined: the provider gets none (local servers). */
  key?: string;
  /** For messages: which place the key came from, e.g. `ANTHROPIC_API_KEY`. */
  from: string;
}

export interface RequestKeyOptions extends Pick<ResolveModelOptions, "providers" | "env" | "auth"> {
  /** Base URLs of local servers by id need no key. */
  isLocal(provider: string): boolean;
}

/** The key for one request, looked up each time. Undefined when the provider needs one and there is none. */
export function requestKey(provider: string, options: RequestKeyOptions): RequestKey | undefined {
  const profile = options.auth.pick(provider);
  if (profile) return { key: profile.secret, from: `auth profile ${profile.id}` };
  const entry = options.providers[provider];
  if (entry?.apiKey)
    return { key: keyOrVariable(entry.apiKey, options.env), from: `models.providers.${provider}.apiKey` };
  const known = knownProvider(provider);
  // A key from the environment belongs to the provider's own address, not to wherever baseUrl was pointed.
  const elsewhere = entry?.baseUrl !== undefined && !(known && sameHost(entry.baseUrl, known.baseUrl));
  const found = known && !elsewhere ? envKey(known, options.env) : undefined;
  if (found) return { key: found.key, from: found.variable };
  // A server of one's own may want no key; if it does, its 401 says so.
  if (options.isLocal(provider) || elsewhere || hasAuthorization(entry)) return { from: "no key" };
  return undefined;
}

/** `apiKey: "LITELLM_KEY"` may name a variable; anything else is the key itself. */
function keyOrVariable(text: string, env: Readonly<Record<string, string | undefined>>): string {
  return /^[A-Z][A-Z0-9_]+$/.test(text) ? env[text] || text : text;
}

function hasAuthorization(entry: ConfiguredProvider | undefined): boolean {
  return Object.keys(entry?.headers ?? {}).some((name) => /^(authorization|x-api-key|x-goog-api-key)$/i.test(name));
}

function sameHost(a: string, b: string): boolean {
  return URL.parse(a)?.host === URL.parse(b)?.host;
}
