import { offlineModel } from "../offline/model.ts";
import { join } from "node:path";
import type { Api, AssistantMessageEvent, Model, SimpleStreamOptions, TranscriptContext } from "@earendil-works/pi-ai";
import { OpenClawError, type Clock, type Log } from "@openclaw/core";
import type { CredentialOption, Credentials, ProfilePin } from "../auth/credentials.ts";
import type { OAuthFlows } from "../auth/oauth-flows.ts";
import { agentFolder, openAuth } from "../auth/open-auth.ts";
import type { Candidate, CandidateEntry } from "../runtime/candidate.ts";
import { loadApi } from "../runtime/load-pi.ts";
import type { AgentSettings } from "../settings.ts";
import type { ModelInfo, ModelResolution } from "../types.ts";
import { cliBackend, cliModel, cliTimeoutMs, type ReadyCliBackend } from "./cli-backend/cli-backend.ts";
import { knownProvider } from "./known-providers.ts";
import { listModels } from "./list-models.ts";
import { createLocalProbe, localServerBase } from "./local-servers.ts";
import { createModelCatalog, OFFLINE_REF, type ModelCatalog } from "./model-catalog.ts";
import { formatRef, type ModelRef } from "./reference.ts";
import { requestOptions } from "./request-options.ts";
import { resolveModel } from "./resolve-model.ts";
import { createSessionPins } from "./session-pins.ts";

export interface ModelsOptions {
  settings: AgentSettings;
  stateDir: string;
  agentId: string;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  log: Log;
  fetch?: typeof globalThis.fetch;
  localPorts?: Readonly<Record<string, number>>;
  /** How sign-ins are made and renewed. Default: pi's flows. */
  oauthFlows?: OAuthFlows;
}

/** Whose turn it is, as far as the choice of a profile depends on it. */
export interface TurnSession {
  /** Changes when a conversation begins anew or is summarised: then a profile is picked again. */
  key: string;
  /** Kept by the caller for this session. */
  profile?: ProfilePin;
}

/** Everything one agent knows about models and their keys. */
export interface Models {
  /** See `resolveModel`. `fresh` asks local servers again. */
  resolve(reference?: string, fresh?: boolean): Promise<ModelResolution>;
  list(): Promise<ModelInfo[]>;
  describe: ModelCatalog["describe"];
  /** A model with the credentials it may be called with. Nothing is loaded or looked up before its turn comes. */
  entry(ref: ModelRef, session: TurnSession): CandidateEntry;
  credentials: Credentials;
  /** Writes `models.json`. */
  write(): void;
}

export function createModels(options: ModelsOptions): Models {
  const { settings, stateDir, agentId, env, clock, log, fetch, localPorts } = options;
  const ports = localPorts ? { ports: localPorts } : {};
  const agentDir = agentFolder({ settings, stateDir, agentId, env });
  const local = createLocalProbe({ env, clock, ...ports, ...(fetch ? { fetch } : {}) });
  const catalog = createModelCatalog({ settings, agentDir, env, ...ports, log });
  const { credentials } = openAuth({
    settings,
    stateDir,
    agentId,
    env,
    clock,
    log,
    providers: () => catalog.providers(),
    isLocal: (id) => localServerBase(id, { env, ...ports }) !== undefined,
    ...(options.oauthFlows ? { flows: options.oauthFlows } : {}),
  });
  const pins = createSessionPins();
  const backends = new Map<string, Promise<Candidate["stream"]>>();
  let offline: Promise<Candidate["stream"]> | undefined;

  const offlineStream = (): Promise<Candidate["stream"]> => {
    offline ??= import("../offline/index.ts").then(({ createOfflineProvider }) => {
      const provider = createOfflineProvider({ clock, timeZone: settings.userTimezone, stateDir });
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

  const backendStream = (backend: ReadyCliBackend): Promise<Candidate["stream"]> => {
    const known =
      backends.get(backend.name) ??
      import("./cli-backend/cli-stream.ts").then(({ createCliStream }) =>
        createCliStream({ backend, env, dir: join(agentDir, "cli", backend.name), clock }),
      );
    backends.set(backend.name, known);
    return known;
  };

  const describe = async (ref: ModelRef): Promise<Model<Api>> => {
    const backend = cliBackend(ref.provider, settings.cliBackends);
    return backend ? cliModel(ref, backend) : catalog.describe(ref);
  };

  const candidate = async (ref: ModelRef, option: CredentialOption | undefined): Promise<Candidate> => {
    if (ref.provider === OFFLINE_REF.provider)
      return { model: offlineModel, stream: await offlineStream(), options: {} };
    const backend = cliBackend(ref.provider, settings.cliBackends);
    if (backend) {
      // Its own limit is the one that ends it, and says so.
      const idleTimeoutMs = cliTimeoutMs(backend) + 1000;
      return { model: cliModel(ref, backend), stream: await backendStream(backend), options: {}, idleTimeoutMs };
    }
    const model = await catalog.describe(ref);
    if (!option) throw keyMissing(ref.provider);
    const credential = await credentials.open(option);
    const api = await loadApi(model.api);
    return {
      model: credential.baseUrl ? { ...model, baseUrl: credential.baseUrl } : model,
      stream: (target, context, request) => api.streamSimple(target, context, withSessionHeader(ref.provider, request)),
      options: requestOptions({
        model,
        credential,
        authHeader: catalog.providers()[ref.provider]?.authHeader,
        params: settings.models[formatRef(ref)]?.params ?? {},
        env,
      }),
      ...(credential.key ? { keyFrom: option.from } : {}),
    };
  };

  const hasNoKeys = (ref: ModelRef) =>
    ref.provider === OFFLINE_REF.provider || cliBackend(ref.provider, settings.cliBackends) !== undefined;

  return {
    resolve: (reference, fresh = false) =>
      resolveModel(reference, { settings, providers: catalog.providers(), env, credentials, local, fresh }),
    list: () => listModels({ settings, providers: catalog.providers(), env, credentials, local }),
    describe,
    entry(ref, { key, profile }) {
      const pinOf = (): ProfilePin | undefined => {
        if (profile?.source === "user") return profile;
        const mine = pins.get(key, ref.provider);
        return mine ? { id: mine, source: "auto" } : profile;
      };
      return {
        ...ref,
        credentials: () => (hasNoKeys(ref) ? [] : credentials.options(ref.provider, ref.model, pinOf())),
        prepare: (option) => candidate(ref, option),
        note(option, failure) {
          credentials.note(ref.provider, ref.model, option, failure);
          if (!failure && option.isProfile) pins.set(key, ref.provider, option.id);
        },
      };
    },
    credentials,
    write: () => catalog.write(),
  };
}

function keyMissing(provider: string): OpenClawError {
  const known = knownProvider(provider);
  const ways = known?.signIn
    ? `Sign in with openclaw models auth login --provider ${provider}`
    : `Set ${known?.env.find((name) => name.endsWith("API_KEY")) ?? known?.env[0] ?? "the key"} in the environment or models.providers.${provider}.apiKey, or run openclaw models auth add`;
  return new OpenClawError({
    code: "MODEL_KEY_MISSING",
    message: `No API key found for provider "${provider}".`,
    hint: `${ways}, then send the message again.`,
  });
}

/** OpenCode routes a conversation by a header of its own. */
function withSessionHeader(provider: string, request: SimpleStreamOptions): SimpleStreamOptions {
  if (provider !== "opencode" || !request.sessionId) return request;
  return { ...request, headers: { ...request.headers, "x-opencode-session": request.sessionId } };
}
