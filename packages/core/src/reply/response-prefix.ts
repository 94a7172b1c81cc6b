export interface PrefixVariables {
  /** Model id without provider. */
  model?: string;
  provider?: string;
  thinkingLevel?: string;
  identityName?: string;
}

/**
 * The prefix that applies: account over channel over messages. An empty string stops the search. `auto` is
 * `[identity name]`, or nothing without a name.
 */
export function resolveResponsePrefix(
  layers: { account?: string; channel?: string; messages?: string },
  variables: PrefixVariables,
): string {
  const template = layers.account ?? layers.channel ?? layers.messages ?? "";
  if (template === "auto") return variables.identityName ? `[${variables.identityName}]` : "";
  const values: Record<string, string | undefined> = {
    model: variables.model && shortModel(variables.model),
    modelfull: variables.model && variables.provider ? `${variables.provider}/${variables.model}` : variables.model,
    provider: variables.provider,
    thinkinglevel: variables.thinkingLevel,
    think: variables.thinkingLevel,
    "identity.name": variables.identityName,
    identityname: variables.identityName,
  };
  return template.replaceAll(/\{([a-z.]+)\}/gi, (whole, name: string) => values[name.toLowerCase()] ?? whole);
}

/** Puts the prefix before a reply, unless it is there already. */
export function withResponsePrefix(text: string, prefix: string): string {
  if (prefix === "" || text.trim() === "" || text.trimStart().startsWith(prefix)) return text;
  return `${prefix} ${text}`;
}

/** `claude-opus-4-5-20251101` and `gpt-4o-latest` without what nobody says aloud. */
export function shortModel(model: string): string {
  return model
    .slice(model.lastIndexOf("/") + 1)
    .replace(/-latest$/, "")
    .replace(/-\d{4}-?\d{2}-?\d{2}$/, "");
}
