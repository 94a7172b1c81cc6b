import { existsSync } from "node:fs";
import { hostname, release, type as osType } from "node:os";
import { dirname, join } from "node:path";
import type { Api, AssistantMessageEvent, Model, SimpleStreamOptions, TranscriptContext } from "@earendil-works/pi-ai";
import { OpenClawError, silentLog, systemClock, type Clock, type Log } from "@openclaw/core";
import type { Transcript } from "@openclaw/core/sessions";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import { createAuthProfiles } from "./models/auth-profiles.ts";
import { listModels } from "./models/list-models.ts";
import { knownProvider } from "./models/known-providers.ts";
import { createLocalProbe, localServerBase } from "./models/local-servers.ts";
import { createModelCatalog, OFFLINE_REF, offlineModel, type ModelCatalog } from "./models/model-catalog.ts";
import { formatRef, type ModelRef } from "./models/reference.ts";
import { fallbackRefs, requestKey, resolveModel } from "./models/resolve-model.ts";
import { buildPrompt, promptReport, type PromptInput } from "./prompt/build-prompt.ts";
import type { Candidate } from "./runtime/candidate-stream.ts";
import { loadApi } from "./runtime/load-pi.ts";
import { createMemoryTranscript } from "./runtime/memory-transcript.ts";
import { runTurn } from "./runtime/run-turn.ts";
import type { PreparedTurn } from "./runtime/turn-types.ts";
import { readSettings } from "./settings.ts";
import { createBuiltinTools, type BuiltinTools } from "./tools/builtin-tools.ts";
import { createProcessRegistry } from "./tools/exec/process-registry.ts";
import type { SessionStatus } from "./tools/session-status.ts";
import { decideTool, type PolicyLayer } from "./tools/tool-policy.ts";
import type { Agent, AgentOptions, TurnInput } from "./types.ts";
import { readInjectedFiles } from "./workspace/bootstrap-files.ts";
import { readIdentity } from "./workspace/identity.ts";
import { prepareWorkspace } from "./workspace/prepare-workspace.ts";

/** Makes an agent. Nothing is read, written or loaded until its first turn. */
export function createAgent(options: AgentOptions): Agent {
  const agentId = options.agentId ?? "main";
  const env = options.env ?? {};
  const log: Log = options.log ?? silentLog;
  const clock: Clock = options.clock ?? systemClock;
  const fetch = options.fetch ?? globalThis.fetch;
  const settings = readSettings({
    agentId,
    config: options.config ?? {},
    stateDir: options.stateDir,
    env,
  });
  const agentDir = join(options.stateDir, "agents", agentId, "agent");
  const outputDir = join(options.stateDir, "agents", agentId, "tool-output");
  const ports = options.localPorts ? { ports: options.localPorts } : {};
  const auth = createAuthProfiles({ stateDir: options.stateDir, agentId, order: settings.authOrder, clock, log });
  const local = createLocalProbe({ env, clock, ...ports, ...(options.fetch ? { fetch: options.fetch } : {}) });
  const catalog = createModelCatalog({ settings, agentDir, env, ...ports, log });
  const registry = options.processes ?? createProcessRegistry({ clock, cleanupMs: settings.exec.cleanupMs });
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  const statuses = new Map<string, SessionStatus>();
  const transcripts = new Map<string, Transcript>();
  let prepared: Promise<{ dir: string; created: string[] }> | undefined;
  let offline: Promise<Candidate["stream"]> | undefined;

  let builtin: Promise<BuiltinTools> | undefined;
  const builtinTools = () => {
    builtin ??= createBuiltinTools({
      settings,
      stateDir: options.stateDir,
      agentId,
      env,
      clock,
      log,
      registry,
      status: (key) => statuses.get(key),
      onBackgroundExit: options.onBackgroundExit,
    });
    return builtin;
  };

  const ready = () => {
    prepared ??= prepareWorkspace({
      workspace: settings.workspace,
      skipBootstrap: settings.skipBootstrap,
      log,
      env,
    }).then((made) => {
      catalog.write();
      return made;
    });
    // A workspace that could not be made is tried again by the next turn.
    prepared.catch(() => (prepared = undefined));
    return prepared;
  };

  const resolve = (reference?: string, fresh = false) =>
    resolveModel(reference, { settings, providers: catalog.providers(), env, auth, local, fresh });

  const offlineStream = (): Promise<Candidate["stream"]> => {
    offline ??= import("./offline/index.ts").then(({ createOfflineProvider }) => {
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
      stream: (target, context, request) => api.streamSimple(target, context, request),
      options: { ...requestAuth(found.key, providers[ref.provider]?.authHeader), ...requestParams(params) },
      ...(found.key ? { keyFrom: found.from } : {}),
    };
  };

  const toolsFor = async (ref: ModelRef, further: readonly PolicyLayer[]): Promise<Tool[]> => {
    const extra = options.tools ?? [];
    const own = (await builtinTools()).tools;
    const pluginTools = extra.map((tool) => tool.name);
    const ask = (tool: Tool, origin: "builtin" | "plugin") =>
      decideTool({
        tool: tool.name,
        origin,
        provider: ref.provider,
        model: ref.model,
        tools: settings.tools,
        agentTools: settings.agentTools,
        agentId,
        pluginTools,
        further,
      }).allowed;
    const names = new Set(pluginTools);
    return [
      ...own.filter((tool) => !names.has(tool.name) && ask(tool, "builtin")),
      ...extra.filter((tool) => ask(tool, "plugin")),
    ];
  };

  const prepareTurn = async (input: TurnInput): Promise<PreparedTurn> => {
    const [, resolution] = await Promise.all([ready(), resolve(input.model)]);
    const ref: ModelRef = { provider: resolution.provider, model: resolution.model };
    const refs = [ref, ...fallbackRefs(ref, settings)];
    const model = await firstDescribed(refs, catalog);
    const thinking = input.thinking ?? thinkingLevel(settings.thinkingDefault) ?? (model.reasoning ? "low" : "off");
    const tools = await toolsFor(ref, input.toolPolicy ?? []);
    const mode = input.promptMode ?? "full";
    const prompt: PromptInput = {
      mode,
      tools,
      workspace: settings.workspace,
      files:
        mode === "none"
          ? []
          : readInjectedFiles({
              workspace: settings.workspace,
              maxChars: settings.bootstrapMaxChars,
              subagent: mode === "minimal",
            }),
      timezone: settings.userTimezone,
      timeFormat: settings.timeFormat,
      aliases: Object.entries(settings.models).flatMap(([name, entry]) =>
        entry.alias ? [`${entry.alias}: ${name}`] : [],
      ),
      runtime: {
        agentId,
        host: hostname(),
        os: `${osType()} ${release()}`,
        node: process.version,
        model: formatRef(ref),
        defaultModel: settings.primary ?? formatRef(ref),
        thinking,
        ...(input.channel ? { channel: input.channel } : {}),
        ...repoOf(settings.repoRoot, settings.workspace),
      },
      ...(input.extraSystemPrompt ? { extra: input.extraSystemPrompt } : {}),
    };
    for (const file of prompt.files) {
      if (file.truncated)
        log.warn(`${file.name} is longer than bootstrapMaxChars and is cut in the prompt.`, { chars: file.rawChars });
    }
    const sections = buildPrompt(prompt);
    return {
      candidates: refs.map((item) => ({ ...item, prepare: () => candidate(item) })),
      model,
      kind: resolution.kind,
      thinking,
      tools,
      systemPrompt: sections.map((section) => section.text).join("\n\n"),
      promptReport: {
        ...promptReport(sections, prompt),
        provider: ref.provider,
        model: ref.model,
        bootstrapMaxChars: settings.bootstrapMaxChars,
      },
    };
  };

  const memoryTranscript = (sessionKey: string): Transcript => {
    const known = transcripts.get(sessionKey) ?? createMemoryTranscript();
    transcripts.set(sessionKey, known);
    return known;
  };

  return {
    run(request) {
      const input: TurnInput = typeof request === "string" ? { message: { text: request } } : request;
      const sessionKey = input.sessionKey ?? `agent:${agentId}:main`;
      const turn = runTurn({
        input: { ...input, signal: input.signal ? AbortSignal.any([input.signal, closing.signal]) : closing.signal },
        agentId,
        sessionKey,
        transcript: input.transcript ?? memoryTranscript(sessionKey),
        workspace: settings.workspace,
        outputDir,
        timeoutMs: input.timeoutMs ?? settings.timeoutMs,
        clock,
        log,
        fetch,
        prepare: () => prepareTurn(input),
        onStatus: (status) => statuses.set(sessionKey, status),
      });
      running.add(turn.result);
      void turn.result.finally(() => running.delete(turn.result));
      return turn;
    },
    models: () => listModels({ settings, providers: catalog.providers(), env, auth, local }),
    resolveModel: (reference) => resolve(reference, true),
    identity: () => {
      const own = { ...readIdentity(settings.workspace), ...settings.identity };
      const { name = "Assistant", emoji, avatar, theme } = own;
      return Promise.resolve({
        name,
        ...(emoji ? { emoji } : {}),
        ...(avatar ? { avatar } : {}),
        ...(theme ? { theme } : {}),
      });
    },
    prepareWorkspace: ready,
    async close() {
      closing.abort();
      await Promise.all(running);
      if (!options.processes) registry.close();
      (await builtin)?.close();
    },
  };
}

/** A first choice that is not known must not keep its fallbacks from answering; with none, its error is the answer. */
async function firstDescribed(refs: readonly ModelRef[], catalog: ModelCatalog): Promise<Model<Api>> {
  let first: unknown;
  for (const ref of refs) {
    try {
      return await catalog.describe(ref);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
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

const THINKING = ["off", "minimal", "low", "medium", "high", "xhigh"] as const;

function thinkingLevel(text: string | undefined): (typeof THINKING)[number] | undefined {
  return THINKING.find((level) => level === text);
}

/** The repository the workspace lies in, unless it is one itself: that one is ours and says nothing. */
function repoOf(configured: string | undefined, workspace: string): { repo?: string } {
  if (configured) return existsSync(configured) ? { repo: configured } : {};
  for (let dir = dirname(workspace); dir !== dirname(dir); dir = dirname(dir)) {
    if (existsSync(join(dir, ".git"))) return { repo: dir };
  }
  return {};
}
