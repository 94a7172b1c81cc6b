import { OpenClawError } from "@openclaw/core";
import type { Credentials } from "../auth/credentials.ts";
import { shownProfile } from "../auth/credential.ts";
import type { AgentSettings, ConfiguredProvider } from "../settings.ts";
import type { ModelResolution } from "../types.ts";
import { envKey, KNOWN_PROVIDERS } from "./known-providers.ts";
import type { LocalProbe } from "./local-servers.ts";
import { OFFLINE_REF } from "./model-catalog.ts";
import { formatRef, parseModelReference, type ModelRef } from "./reference.ts";

export interface ResolveModelOptions {
  settings: AgentSettings;
  /** Configured providers, ids canonical. */
  providers: Readonly<Record<string, ConfiguredProvider>>;
  env: Readonly<Record<string, string | undefined>>;
  credentials: Credentials;
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
  { settings, providers, env, credentials, local, fresh }: ResolveModelOptions,
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
    const profile = credentials.profileFor(provider.id);
    if (profile) return decided(ref, "auth-profile", `auth profile ${shownProfile(profile)}: ${formatRef(ref)}`);
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
