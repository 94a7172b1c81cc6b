import type { Clock } from "@openclaw/core";

/** A model server on this machine that needs no key. */
export interface LocalServer {
  id: string;
  label: string;
  port: number;
  /** Where it lists its models. Ollama has its own list; the others speak OpenAI's. */
  listPath: "/api/tags" | "/v1/models";
}

/** Default ports of the servers that people run. 8080, 8000 and 4000 are generic: only a model list is believed. */
export const LOCAL_SERVERS: readonly LocalServer[] = [
  { id: "ollama", label: "Ollama", port: 11434, listPath: "/api/tags" },
  { id: "lmstudio", label: "LM Studio", port: 1234, listPath: "/v1/models" },
  { id: "llamacpp", label: "llama.cpp", port: 8080, listPath: "/v1/models" },
  { id: "vllm", label: "vLLM", port: 8000, listPath: "/v1/models" },
  { id: "litellm", label: "LiteLLM", port: 4000, listPath: "/v1/models" },
];

interface FoundServer {
  id: string;
  label: string;
  /** OpenAI-compatible base, ending in `/v1`. */
  baseUrl: string;
  /** Chat models, the one to prefer first. */
  models: string[];
}

export interface LocalProbeOptions {
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  fetch?: typeof globalThis.fetch;
  /** Other ports than the default ones, by server id; 0 leaves a server out. For tests and unusual setups. */
  ports?: Readonly<Record<string, number>>;
  /** Longest wait for one server, ms. Default 400. */
  timeoutMs?: number;
}

export interface LocalProbe {
  /** Servers that answered, in the order of `LOCAL_SERVERS`. Asked in parallel, at most once in a few seconds. */
  find(options?: { fresh?: boolean }): Promise<{ servers: FoundServer[]; steps: string[] }>;
}

// Long enough that a burst of turns asks once, short enough that starting Ollama is noticed by the next message.
const CACHE_MS = 2000;
const MAX_BODY_BYTES = 1_000_000;
const NOT_FOR_CHAT = /embed|rerank|whisper|tts|bge-|minilm|clip/i;
/** Families known to call tools; without tools the agent can only talk. */
const CALLS_TOOLS =
  /qwen|llama-?3\.[1-9]|llama-?4|mistral|ministral|devstral|gpt-oss|hermes|command-r|granite|glm|kimi|deepseek|gemma-?[4-9]|phi-?4|nemotron/i;

/** Looks for model servers on loopback (or where `OLLAMA_HOST` points). Requests carry no credentials. */
export function createLocalProbe(options: LocalProbeOptions): LocalProbe {
  let cached: { until: number; answer: Promise<{ servers: FoundServer[]; steps: string[] }> } | undefined;
  return {
    find({ fresh = false } = {}) {
      if (options.env["OPENCLAW_SKIP_LOCAL_MODELS"] === "1") {
        return Promise.resolve({ servers: [], steps: ["local servers: not asked (OPENCLAW_SKIP_LOCAL_MODELS=1)"] });
      }
      if (cached && !fresh && options.clock.now() < cached.until) return cached.answer;
      const answer = probeAll(options);
      const entry = { until: options.clock.now() + CACHE_MS, answer };
      cached = entry;
      return answer.finally(() => (entry.until = options.clock.now() + CACHE_MS));
    },
  };
}

/** Base URL of a local server, its models unknown. Undefined for an id that is none. */
export function localServerBase(
  id: string,
  { env, ports }: Pick<LocalProbeOptions, "env" | "ports">,
): string | undefined {
  const server = LOCAL_SERVERS.find((item) => item.id === id);
  return server ? `${serverOrigin(server, env, ports)}/v1` : undefined;
}

async function probeAll(options: LocalProbeOptions): Promise<{ servers: FoundServer[]; steps: string[] }> {
  const asked = LOCAL_SERVERS.filter((server) => options.ports?.[server.id] !== 0);
  const answers = await Promise.all(asked.map((server) => probe(server, options)));
  const servers: FoundServer[] = [];
  const steps: string[] = [];
  for (const { server, origin, models, problem } of answers) {
    if (models.length > 0) {
      servers.push({ id: server.id, label: server.label, baseUrl: `${origin}/v1`, models });
      steps.push(`local server ${server.label}: answers at ${origin} with ${models.length} model(s)`);
    } else {
      steps.push(`local server ${server.label}: ${problem ?? "answers, but lists no chat model"} (${origin})`);
    }
  }
  return { servers, steps };
}

async function probe(
  server: LocalServer,
  options: LocalProbeOptions,
): Promise<{ server: LocalServer; origin: string; models: string[]; problem?: string }> {
  const origin = serverOrigin(server, options.env, options.ports);
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), options.timeoutMs ?? 400);
  try {
    const response = await (options.fetch ?? fetch)(`${origin}${server.listPath}`, {
      signal: abort.signal,
      redirect: "error",
      headers: { accept: "application/json" },
    });
    if (!response.ok) return { server, origin, models: [], problem: `HTTP ${response.status}` };
    const names = modelNames(JSON.parse(await limitedText(response)) as unknown, server.listPath);
    if (!names) return { server, origin, models: [], problem: "answers, but not with a model list" };
    return { server, origin, models: preferred(names) };
  } catch (error) {
    const problem = abort.signal.aborted
      ? "no answer in time"
      : error instanceof SyntaxError
        ? "not JSON"
        : "not running";
    return { server, origin, models: [], problem };
  } finally {
    clearTimeout(timer);
  }
}

function serverOrigin(
  server: LocalServer,
  env: Readonly<Record<string, string | undefined>>,
  ports: Readonly<Record<string, number>> | undefined,
): string {
  const port = ports?.[server.id] || server.port;
  const host = server.id === "ollama" && !ports?.["ollama"] ? env["OLLAMA_HOST"]?.trim() : undefined;
  if (!host) return `http://127.0.0.1:${port}`;
  try {
    const url = new URL(/^https?:\/\//.test(host) ? host : `http://${host}`);
    if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
    // Ollama itself reads a bare host as "this host, my port".
    if (!url.port && url.protocol === "http:" && !/^https?:\/\//.test(host)) url.port = String(port);
    return url.origin;
  } catch {
    return `http://127.0.0.1:${port}`;
  }
}

async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (!response.body) return "";
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new SyntaxError("model list larger than 1 MB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The ids, when the answer has the shape of a model list; anything else on a generic port is somebody else's server. */
function modelNames(body: unknown, listPath: LocalServer["listPath"]): string[] | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const list = (body as Record<string, unknown>)[listPath === "/api/tags" ? "models" : "data"];
  if (!Array.isArray(list)) return undefined;
  const key = listPath === "/api/tags" ? "name" : "id";
  const names = list.map((item: unknown) => (item as Record<string, unknown> | null)?.[key]);
  return names.every((name): name is string => typeof name === "string" && name !== "") ? names : undefined;
}

function preferred(names: string[]): string[] {
  const chat = names.filter((name) => !NOT_FOR_CHAT.test(name));
  return [...chat.filter((name) => CALLS_TOOLS.test(name)), ...chat.filter((name) => !CALLS_TOOLS.test(name))];
}
