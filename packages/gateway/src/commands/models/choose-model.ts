import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelInfo } from "@openclaw/agent";
import { OpenClawError } from "@openclaw/core";
import { nearest } from "@openclaw/core/config";
import { takeModel } from "@openclaw/core/sessions";
import type { GatewayContext } from "../../gateway-context.ts";
import { modelNames } from "./model-names.ts";

export interface ChosenModel {
  provider: string;
  model: string;
  /** Auth profile, `<provider>:<name>`. */
  profile?: string;
  /** It is what the session would use anyway. */
  isDefault: boolean;
  /** In the list of known models. */
  known: boolean;
}

const reference = ({ provider, id }: ModelInfo) => `${provider}/${id}`;

/**
 * What a person means by `opus`, `3`, `anthropic/claude-opus-4-6`, `sonnet@work` or a good part of a model's name. Fails
 * with a sentence that says what is there.
 */
export async function chooseModel(wanted: string, sessionKey: string, context: GatewayContext): Promise<ChosenModel> {
  const agentId = context.sessions.agentOf(sessionKey);
  const agent = await context.agents.get(agentId);
  const models = await agent.models();
  const { name, profile } = splitProfile(wanted, models);
  const text = pick(name, models, context);
  const { provider, model } = await agent.resolveModel(text);
  const known = models.some((entry) => entry.provider === provider && entry.id === model);
  if (!known && !models.some((entry) => entry.provider === provider)) throw unknownModel(name, models);
  const usual = await agent.resolveModel();
  const isDefault = usual.provider === provider && usual.model === model && profile === undefined;
  return {
    provider,
    model,
    known,
    isDefault,
    ...(profile === undefined ? {} : { profile: await profileId(provider, profile, agentId, context) }),
  };
}

function pick(name: string, models: readonly ModelInfo[], context: GatewayContext): string {
  if (/^\d{1,4}$/.test(name)) {
    const chosen = models[Number(name) - 1];
    if (chosen) return reference(chosen);
    throw failure(`There is no model number ${name}.`, `/model list shows 1 to ${models.length}.`);
  }
  const { aliases } = modelNames(context.config());
  const alias = aliases.get(name.toLowerCase());
  if (alias) return alias;
  if (name.includes("/")) return name;
  const { model, rest } = takeModel(name, { allowed: models.map(reference) });
  if (model && rest === "") return model;
  const part = models.find((entry) => name.length >= 3 && entry.id.toLowerCase().includes(name.toLowerCase()));
  if (part) return reference(part);
  throw unknownModel(name, models);
}

/** `opus@work`: only where no model has such a name itself. */
function splitProfile(wanted: string, models: readonly ModelInfo[]): { name: string; profile?: string } {
  const at = wanted.lastIndexOf("@");
  if (at < 1 || at === wanted.length - 1 || models.some((model) => reference(model) === wanted || model.id === wanted))
    return { name: wanted };
  return { name: wanted.slice(0, at), profile: wanted.slice(at + 1) };
}

/** Only the names of profiles are looked at. */
async function profileId(
  provider: string,
  profile: string,
  agentId: string,
  { paths }: GatewayContext,
): Promise<string> {
  const id = profile.includes(":") ? profile : `${provider}:${profile}`;
  const files = [...new Set(["main", agentId])].map((agent) => join(paths.agentDir(agent), "auth-profiles.json"));
  const names = (await Promise.all(files.map(profileNames))).flat().filter((name) => name.startsWith(`${provider}:`));
  if (names.includes(id)) return id;
  throw failure(
    `There is no auth profile ${id}.`,
    names.length > 0 ? `Known: ${names.join(", ")}.` : `No profile is stored for ${provider}.`,
  );
}

async function profileNames(path: string): Promise<string[]> {
  try {
    const { profiles } = JSON.parse(await readFile(path, "utf8")) as { profiles?: Record<string, unknown> };
    return Object.keys(profiles ?? {});
  } catch {
    return [];
  }
}

function unknownModel(name: string, models: readonly ModelInfo[]): OpenClawError {
  const close = nearest(
    name,
    models.flatMap((model) => [reference(model), model.id]),
  );
  return failure(
    `I know no model "${name.slice(0, 80)}".`,
    close ? `Did you mean /model ${close}?` : "/model list shows what is there.",
  );
}

const failure = (message: string, hint: string) => new OpenClawError({ code: "MODEL_UNKNOWN", message, hint });
