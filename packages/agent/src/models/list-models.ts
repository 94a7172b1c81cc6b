import type { ModelInfo } from "../types.ts";
import { envKey, KNOWN_PROVIDERS } from "./known-providers.ts";
import { OFFLINE_REF } from "./model-catalog.ts";
import { formatRef, parseModelReference } from "./reference.ts";
import type { ResolveModelOptions } from "./resolve-model.ts";

/**
 * Models that a reference may name now: the configured ones first, then those of providers with a key, then what local
 * servers have, then the built-in rules. With an allowlist (`agents.defaults.models`) only that, and the rules.
 */
export async function listModels(options: Omit<ResolveModelOptions, "fresh">): Promise<ModelInfo[]> {
  const { settings, providers, env, credentials, local } = options;
  const found = new Map<string, ModelInfo>();
  const add = (model: ModelInfo) => {
    const name = formatRef({ provider: model.provider, model: model.id });
    if (!found.has(name)) found.set(name, model);
  };
  const named = [
    ...(settings.primary ? [settings.primary] : []),
    ...settings.fallbacks,
    ...Object.keys(settings.models),
  ];
  const available: ModelInfo[] = [];
  for (const [provider, entry] of Object.entries(providers)) {
    for (const model of entry.models ?? []) {
      available.push({ ...facts(model), id: model.id, name: model.name ?? model.id, provider, kind: "llm" });
    }
  }
  for (const provider of KNOWN_PROVIDERS) {
    const wanted = named.some((text) => parseModelReference(text, settings.models).provider === provider.id);
    if (!wanted && !envKey(provider, env) && !credentials.profileFor(provider.id)) continue;
    for (const model of [...(provider.models ?? []), ...Object.values((await provider.catalog?.()) ?? {})]) {
      available.push({
        ...facts(model),
        id: model.id,
        name: model.name ?? model.id,
        provider: provider.id,
        kind: "llm",
      });
    }
  }
  for (const server of (await local.find()).servers) {
    for (const id of server.models) available.push({ id, name: id, provider: server.id, kind: "llm" });
  }
  for (const text of named) {
    const ref = parseModelReference(text, settings.models);
    const known = available.find((model) => model.provider === ref.provider && model.id === ref.model);
    const kind = ref.provider === OFFLINE_REF.provider ? "rules" : "llm";
    add(known ?? { id: ref.model, name: ref.model, provider: ref.provider, kind });
  }
  if (Object.keys(settings.models).length === 0) for (const model of available) add(model);
  add({
    id: OFFLINE_REF.model,
    name: "Offline rules (no language model)",
    provider: OFFLINE_REF.provider,
    kind: "rules",
  });
  return [...found.values()];
}

function facts(model: { contextWindow?: number; reasoning?: boolean; input?: readonly string[] }): Partial<ModelInfo> {
  return {
    ...(model.contextWindow === undefined ? {} : { contextWindow: model.contextWindow }),
    ...(model.reasoning === undefined ? {} : { reasoning: model.reasoning }),
    ...(model.input === undefined ? {} : { input: [...model.input] }),
  };
}
