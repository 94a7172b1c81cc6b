import { getAt, isPlain } from "../path.ts";
import type { Placement, RewriteRule } from "./rule.ts";

const forAgents = "which model answers is the agents' business: agents.defaults.model.";

/** The FAQ's `models.defaults`, `models.aliases`, `models.failover`, and flat model lists of early versions. */
export const modelRules: readonly RewriteRule[] = [
  { from: "providers", to: "models.providers", because: "providers stand under models." },
  {
    from: "models.defaults.model",
    to: "agents.defaults.model",
    because: forAgents,
    convert: (value) => [
      { to: ["agents", "defaults", "model", ...(typeof value === "string" ? ["primary"] : [])], value },
    ],
  },
  { from: "models.defaults.*", to: "agents.defaults.*", because: forAgents },
  {
    from: "models.failover",
    to: "agents.defaults.model.fallbacks",
    because: "fallbacks stand beside the primary model.",
    convert: failover,
  },
  {
    from: "agents.defaults.modelFallbacks",
    to: "agents.defaults.model.fallbacks",
    because: "fallbacks stand beside the primary model.",
  },
  {
    from: "agents.defaults.imageModelFallbacks",
    to: "agents.defaults.imageModel.fallbacks",
    because: "fallbacks stand beside the primary model.",
  },
  {
    from: "agents.defaults.allowedModels",
    to: "agents.defaults.models",
    because: "the keys of agents.defaults.models are the allowed models.",
    convert: (value) =>
      isTexts(value) ? value.map((model) => ({ to: ["agents", "defaults", "models", model], value: {} })) : undefined,
  },
  {
    from: "agents.defaults.modelAliases",
    to: "agents.defaults.models",
    because: "an alias stands with its model.",
    convert: aliases,
  },
  {
    from: "models.aliases",
    to: "agents.defaults.models",
    because: "an alias stands with its model. These entries are also the list of models that may be chosen.",
    convert: aliases,
  },
  {
    from: "models.providers.*.profile",
    to: "auth.order",
    because: "which credential comes first is said in auth.order.",
    convert: (value, [provider]) =>
      typeof value === "string" ? [{ to: ["auth", "order", provider!], value: [value] }] : undefined,
  },
];

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** Without a primary the first of the list is it. */
function failover(value: unknown, _captures: unknown, config: Record<string, unknown>): Placement[] | undefined {
  if (!isPlain(value)) return undefined;
  if (value.enabled === false) return [];
  if (!isTexts(value.models)) return undefined;
  const model = getAt(config, ["agents", "defaults", "model"]);
  const primary = typeof model === "string" ? model : getAt(model, ["primary"]);
  const [first, ...others] = value.models;
  const chain = ["agents", "defaults", "model"];
  if (typeof primary !== "string" && first !== undefined) {
    return [
      { to: [...chain, "primary"], value: first },
      { to: [...chain, "fallbacks"], value: others },
    ];
  }
  return [{ to: [...chain, "fallbacks"], value: value.models.filter((candidate) => candidate !== primary) }];
}

/** Keeps the configured models choosable: the entries that hold the aliases are an allowlist too. */
function aliases(value: unknown, _captures: unknown, config: Record<string, unknown>): Placement[] | undefined {
  if (!isPlain(value) || !isTexts(Object.values(value))) return undefined;
  const known = ["agents", "defaults", "models"];
  const placements: Placement[] = Object.entries(value).map(([alias, model]) => ({
    from: [alias],
    to: [...known, String(model)],
    value: { alias },
  }));
  if (getAt(config, known) === undefined) {
    const model = getAt(config, ["agents", "defaults", "model"]);
    const fallbacks = getAt(model, ["fallbacks"]);
    for (const name of [
      typeof model === "string" ? model : getAt(model, ["primary"]),
      ...(isTexts(fallbacks) ? fallbacks : []),
    ]) {
      if (typeof name === "string" && !Object.hasOwn(value, name)) placements.push({ to: [...known, name], value: {} });
    }
  }
  return placements;
}
