import { join } from "node:path";
import type { Api, AssistantMessageEvent, Model, SimpleStreamOptions, TranscriptContext } from "@earendil-works/pi-ai";
import { OpenClawError, type Clock, type Log } from "@openclaw/core";
import type { Candidate } from "../runtime/candidate-stream.ts";
import { loadApi } from "../runtime/load-pi.ts";
import type { AgentSettings } from "../settings.ts";
import type { ModelInfo, ModelResolution } from "../types.ts";
import { createAuthProfiles } from "./auth-profiles.ts";
import { knownProvider } from "./known-providers.ts";
import { listModels } from "./list-models.ts";
import { createLocalProbe, localServerBase } from "./local-servers.ts";
import { createModelCatalog, OFFLINE_REF, offlineModel, type ModelCatalog } from "./model-catalog.ts";
import { formatRef, type ModelRef } from "./reference.ts";
import { requestKey, resolveModel } from "./resolve-model.ts";

export interface ModelsOptions {
  settings: AgentSettings;
  stateDir: string;
  agentId: string;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  log: Log;
  fetch?: typeof globalThis.fetch;
  localPorts?: Readonly<Record<string, number>>;
}

/** Everything one agent knows about models and their keys. */
export interface Models {
  /** See `resolveModel`. `fresh` asks local servers again. */
  resolve(reference?: string, fresh?: boolean): Promise<ModelResolution>;
  list(): Promise<ModelInfo[]>;
  describe: ModelCatalog["describe"];
  /** Ready to be called: wire format loaded, key looked up. Throws `MODEL_KEY_MISSING` and what `describe` throws. */
  candidate(ref: ModelRef): Promise<Candidate>;
  /** Writes `models.json`. */
  write(): void;
}

export function createModels({
  settings,
  stateDir,
  agentId,
  env,
  clock,
  log,
  fetch,
  localPorts,
}: ModelsOptions): Models {
  const ports = localPorts ? { ports: localPorts } : {};
  const auth = createAuthProfiles({ stateDir, agentId, order: settings.authOrder, clock, log });
  const local = createLocalProbe({ env, clock, ...ports, ...(fetch ? { fetch } : {}) });
  const agentDir = join(stateDir, "agents", agentId, "agent");
  const catalog = createModelCatalog({ settings, agentDir, env, ...ports, log });
  let offline: Promise<Candidate["stream"]> | undefined;

  const offlineStream = (): Promise<Candidate["stream"]> => {
    offline ??= import("../offline/index.ts").then(({ createOfflineProvider }) => {
      const provider = createOfflineProvider({ clock, timeZone: settings.userTimezone });
      return async function* (
        model: Model<Api>,
        context: TranscriptContext,
        request: SimpleStreamOptions,
      ): AsyncGenerator<AssistantMessageEvent> {
        yield* await provider.stream(model, context, request);
      };
    });
    return offline;
  };

  const candidate = async (ref: ModelRef): Promise<Candidate> => {
    if (ref.provider === OFFLINE_REF.provider)
      return { model: offlineModel(), stream: await offlineStream(), options: {} };
    const model = await catalog.describe(ref);
    const providers = catalog.providers();
    const isLocal = (id: string) => localServerBase(id, { env, ...ports }) !== undefined;
    const found = requestKey(ref.provider, { providers, env, auth, isLocal });
    if (!found) {
      throw new OpenClawError({
        code: "MODEL_KEY_MISSING",
        message: `No API key found for provider "${ref.provider}".`,
        hint: `Set ${knownProvider(ref.provider)?.env[0] ?? "the key"} in the environment or models.providers.${ref.provider}.apiKey, then send the message again.`,
      });
    }
    const api = await loadApi(model.api);
    const params = settings.models[formatRef(ref)]?.params ?? {};
    return {
      model,
      stream: (target, context, request) => api.streamSimple(target, context, withSessionHeader(ref.provider, request)),
      options: { ...requestAuth(found.key, providers[ref.provider]?.authHeader), ...requestParams(params) },
      ...(found.key ? { keyFrom: found.from } : {}),
    };
  };

  return {
    resolve: (reference, fresh = false) =>
      resolveModel(reference, { settings, providers: catalog.providers(), env, auth, local, fresh }),
    list: () => listModels({ settings, providers: catalog.providers(), env, auth, local }),
    describe: (ref) => catalog.describe(ref),
    candidate,
    write: () => catalog.write(),
  };
}

/** OpenCode routes a conversation by a header of its own. */
function withSessionHeader(provider: string, request: SimpleStreamOptions): SimpleStreamOptions {
  if (provider !== "opencode" || !request.sessionId) return request;
  return { ...request, headers: { ...request.headers, "x-opencode-session": request.sessionId } };
}

/** A keyless server gets no Authorization header at all; pi's adapters insist on some key. */
function requestAuth(key: string | undefined, authHeader: boolean | undefined): SimpleStreamOptions {
  if (!key) return { apiKey: "none", headers: { Authorization: null, "x-api-key": null } };
  return { apiKey: key, ...(authHeader ? { headers: { Authorization: `Bearer ${key}` } } : {}) };
}

/** `temperature` and `maxTokens` have their own places; anything else goes into the request as it is. */
function requestParams(params: Readonly<Record<string, unknown>>): SimpleStreamOptions {
  const { temperature, maxTokens, ...rest } = params;
  return {
    ...(typeof temperature === "number" ? { temperature } : {}),
    ...(typeof maxTokens === "number" ? { maxTokens } : {}),
    ...(Object.keys(rest).length > 0 ? { samplingParams: rest } : {}),
  };
}
