import { offlineModel } from "../offline/model.ts";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Api, Model } from "@earendil-works/pi-ai";
import { OpenClawError, type Log } from "@openclaw/core";
import type { AgentSettings, ConfiguredModel, ConfiguredProvider } from "../settings.ts";
import { KNOWN_PROVIDERS, knownProvider } from "./known-providers.ts";
import { localServerBase, LOCAL_SERVERS, type LocalProbeOptions } from "./local-servers.ts";
import { normalizeProvider, type ModelRef } from "./reference.ts";

/** The built-in model that follows rules and needs nothing. */
export const OFFLINE_REF: ModelRef = { provider: "offline", model: "rules" };

/** Smallest context window a turn is started with; below `WARN` the log says that the model will soon forget. */
const CONTEXT_WINDOW = { refuse: 16_000, warn: 32_000, unknown: 200_000, local: 32_768 };

export interface ModelCatalog {
  /** What pi needs to call the model. Throws `MODEL_UNKNOWN` or `MODEL_CONTEXT_TOO_SMALL`. */
  describe(ref: ModelRef): Promise<Model<Api>>;
  /** Providers of the configuration and of `models.json`, the configuration's first. */
  providers(): Record<string, ConfiguredProvider>;
  /** Writes `models.json` as the format asks. Called before the first turn; an unchanged file is not touched. */
  write(): void;
}

export interface ModelCatalogOptions extends Pick<LocalProbeOptions, "env" | "ports"> {
  settings: AgentSettings;
  /** `<state>/agents/<id>/agent`. */
  agentDir: string;
  log: Log;
}

export function createModelCatalog({ settings, agentDir, env, ports, log }: ModelCatalogOptions): ModelCatalog {
  const path = join(agentDir, "models.json");

  const providers = (): Record<string, ConfiguredProvider> => {
    const configured = byCanonicalId(settings.providers);
    if (settings.providersMode === "replace") return configured;
    return { ...configured, ...withoutKeys(byCanonicalId(readModelsFile(path, log)), configured) };
  };

  return {
    providers,
    async describe(ref) {
      const entry = providers()[ref.provider];
      const model = await describeModel(ref, entry, { env, ports });
      if (model.contextWindow < CONTEXT_WINDOW.refuse) {
        throw new OpenClawError({
          code: "MODEL_CONTEXT_TOO_SMALL",
          message: `${ref.provider}/${ref.model} has a context window of ${model.contextWindow} tokens; at least ${CONTEXT_WINDOW.refuse} are needed.`,
          hint: `Raise contextWindow of the model under models.providers.${ref.provider}, or choose another model.`,
        });
      }
      if (model.contextWindow < CONTEXT_WINDOW.warn) {
        log.warn(`${ref.provider}/${ref.model} has a small context window (${model.contextWindow} tokens).`);
      }
      return model;
    },
    write() {
      if (Object.keys(settings.providers).length === 0) return;
      const kept = settings.providersMode === "replace" ? {} : readModelsFile(path, log);
      const text = `${JSON.stringify({ providers: { ...kept, ...settings.providers } }, undefined, 2)}\n`;
      try {
        if (readText(path) === text) return;
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        const temporary = `${path}.${process.pid}.tmp`;
        writeFileSync(temporary, text, { mode: 0o600 });
        renameSync(temporary, path);
      } catch (error) {
        // The file is a copy for other programs; the turn itself reads the configuration.
        log.warn(`Could not write ${path}.`, { error: String(error) });
      }
    },
  };
}

async function describeModel(
  ref: ModelRef,
  entry: ConfiguredProvider | undefined,
  local: Pick<LocalProbeOptions, "env" | "ports">,
): Promise<Model<Api>> {
  if (ref.provider === OFFLINE_REF.provider) return offlineModel;
  const known = knownProvider(ref.provider);
  const configured = entry?.models?.find((model) => model.id === ref.model);
  const listed = configured ? undefined : known?.models?.find((model) => model.id === ref.model);
  const shipped = known?.catalog ? (await known.catalog())[ref.model] : undefined;
  const localBase = localServerBase(ref.provider, local);
  const baseUrl = entry?.baseUrl ?? shipped?.baseUrl ?? known?.baseUrl ?? localBase;
  if (!baseUrl) {
    throw new OpenClawError({
      code: "MODEL_UNKNOWN",
      message: `No provider "${ref.provider}" is known or configured (model ${ref.provider}/${ref.model}).`,
      hint: `Known providers: ${[...KNOWN_PROVIDERS, ...LOCAL_SERVERS].map(({ id }) => id).join(", ")}. Add another one under models.providers.${ref.provider} with baseUrl and api.`,
    });
  }
  const own = configured ?? listed;
  const window =
    own?.contextWindow ?? shipped?.contextWindow ?? (localBase ? CONTEXT_WINDOW.local : CONTEXT_WINDOW.unknown);
  const headers = { ...known?.headers, ...shipped?.headers, ...entry?.headers, ...own?.headers };
  return {
    ...shipped,
    id: ref.model,
    name: own?.name ?? shipped?.name ?? ref.model,
    provider: ref.provider,
    api: own?.api ?? entry?.api ?? shipped?.api ?? known?.api ?? "openai-completions",
    baseUrl: baseUrl.replace(/\/+$/, ""),
    reasoning: own?.reasoning ?? shipped?.reasoning ?? false,
    input: inputKinds(own) ?? shipped?.input ?? ["text"],
    cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, ...shipped?.cost, ...own?.cost },
    contextWindow: window,
    maxTokens: own?.maxTokens ?? shipped?.maxTokens ?? Math.min(8192, window),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(own?.compat || localBase
      ? { compat: { ...shipped?.compat, ...(localBase ? LOCAL_COMPAT : {}), ...own?.compat } }
      : {}),
  };
}

/** What small local servers do not understand of OpenAI's newer dialect. */
const LOCAL_COMPAT = {
  supportsStore: false,
  supportsDeveloperRole: false,
  supportsReasoningEffort: false,
  maxTokensField: "max_tokens",
};

function inputKinds(model: ConfiguredModel | undefined): ("text" | "image")[] | undefined {
  return model?.input?.filter((kind): kind is "text" | "image" => kind === "text" || kind === "image");
}

function byCanonicalId(entries: Record<string, ConfiguredProvider>): Record<string, ConfiguredProvider> {
  return Object.fromEntries(Object.entries(entries).map(([id, entry]) => [normalizeProvider(id), entry]));
}

function withoutKeys<T>(entries: Record<string, T>, taken: Record<string, unknown>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).filter(([id]) => !(id in taken)));
}

function readModelsFile(path: string, log: Log): Record<string, ConfiguredProvider> {
  const text = readText(path);
  if (text === undefined) return {};
  try {
    return (JSON.parse(text) as { providers?: Record<string, ConfiguredProvider> }).providers ?? {};
  } catch {
    log.warn(`${path} is not valid JSON and is left out.`);
    return {};
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
