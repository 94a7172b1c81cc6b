import type { OpenClawConfig } from "@openclaw/core/config";
import type { SessionEntry } from "@openclaw/core/sessions";
import { invalidRequest } from "../server/rpc-error.ts";

/** Values a level may have; the first refusal a client sees names them. */
const levels: Readonly<Record<string, readonly string[]>> = {
  thinkingLevel: ["off", "minimal", "low", "medium", "high", "xhigh"],
  verboseLevel: ["off", "on", "full"],
  reasoningLevel: ["off", "on", "stream"],
  elevatedLevel: ["off", "on", "ask", "full"],
  execHost: ["sandbox", "gateway", "node"],
  execSecurity: ["deny", "allowlist", "full"],
  execAsk: ["off", "on-miss", "always"],
};

/**
 * A `sessions.patch` as a change of the entry: absent keeps, null clears. Throws the refusal for a value outside its
 * list and for a model that `agents.defaults.models` does not allow.
 */
export function applySessionPatch(
  patch: Readonly<Record<string, unknown>>,
  config: OpenClawConfig,
): Partial<SessionEntry> {
  const change: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (field === "model") Object.assign(change, modelChange(value as string | null, config));
    else change[field] = value === null ? undefined : checked(field, value as string);
  }
  return change;
}

function checked(field: string, value: string): string {
  const known = levels[field];
  if (!known) return value;
  const word = value.toLowerCase();
  if (known.includes(word)) return word;
  const list = field.startsWith("exec")
    ? known.map((entry) => `"${entry}"`)
    : known.filter((entry) => entry !== "xhigh");
  throw invalidRequest(`invalid ${field} (use ${list.join("|")})`);
}

function modelChange(reference: string | null, config: OpenClawConfig): Partial<SessionEntry> {
  if (reference === null) return { providerOverride: undefined, modelOverride: undefined };
  const models = config.agents?.defaults?.models ?? {};
  const aliased = Object.entries(models).find(
    ([, entry]) => entry?.alias?.toLowerCase() === reference.toLowerCase(),
  )?.[0];
  const full = aliased ?? (reference.includes("/") ? reference : `anthropic/${reference}`);
  const slash = full.indexOf("/");
  const [provider, model] = [full.slice(0, slash), full.slice(slash + 1)];
  if (Object.keys(models).length > 0 && !(full in models)) throw invalidRequest(`model not allowed: ${full}`);
  return { providerOverride: provider, modelOverride: model };
}
