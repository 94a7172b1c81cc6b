import { createHash } from "node:crypto";
import { EmbeddingFailure, unitVector, type EmbeddingProvider, type EmbeddingProviderId } from "./provider.ts";

export interface HttpProviderOptions {
  id: Exclude<EmbeddingProviderId, "local">;
  /** Default: the provider's own. */
  baseUrl?: string;
  /** Not needed by a server of one's own. */
  apiKey?: string;
  headers?: Readonly<Record<string, string>>;
  model?: string;
  fetch: typeof globalThis.fetch;
}

type Kind = "query" | "document";

/** How one provider is asked, and where its vectors stand in the answer. */
interface Wire {
  baseUrl: string;
  model: string;
  batchSize: number;
  path(model: string): string;
  auth(key: string): Record<string, string>;
  body(model: string, texts: readonly string[], kind: Kind): unknown;
  vectors(answer: Record<string, unknown>): unknown[];
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const openAiVectors = ({ data }: Record<string, unknown>) =>
  listOf(data)
    .toSorted((a, b) => Number(a["index"] ?? 0) - Number(b["index"] ?? 0))
    .map((entry) => entry["embedding"]);

const openai: Wire = {
  baseUrl: "https://api.openai.com/v1",
  model: "text-embedding-3-small",
  batchSize: 64,
  path: () => "/embeddings",
  auth: bearer,
  body: (model, input) => ({ model, input, encoding_format: "float" }),
  vectors: openAiVectors,
};

const wires: Readonly<Record<HttpProviderOptions["id"], Wire>> = {
  openai,
  // Its address without /v1 is what people have in OLLAMA_HOST; /v1 is the part that speaks this format.
  ollama: { ...openai, baseUrl: "http://127.0.0.1:11434/v1", model: "nomic-embed-text", batchSize: 16 },
  voyage: {
    baseUrl: "https://api.voyageai.com/v1",
    model: "voyage-3.5",
    batchSize: 64,
    path: () => "/embeddings",
    auth: bearer,
    body: (model, input, kind) => ({ model, input, input_type: kind }),
    vectors: openAiVectors,
  },
  gemini: {
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    model: "gemini-embedding-001",
    // The limit of batchEmbedContents.
    batchSize: 100,
    path: (model) => `/models/${encodeURIComponent(model)}:batchEmbedContents`,
    auth: (key) => ({ "x-goog-api-key": key }),
    body: (model, texts, kind) => ({
      requests: texts.map((text) => ({
        model: `models/${model}`,
        content: { parts: [{ text }] },
        taskType: kind === "query" ? "RETRIEVAL_QUERY" : "RETRIEVAL_DOCUMENT",
      })),
    }),
    vectors: ({ embeddings }) => listOf(embeddings).map((entry) => entry["values"]),
  },
};

/** Longest wait for one call. Somebody waits for the answer to a question; words alone answer it after that. */
const timeoutMs = { query: 5_000, document: 60_000 };

/** Embeddings over HTTP. Nothing is sent before the first call. */
export function createHttpProvider(options: HttpProviderOptions): EmbeddingProvider {
  const { id, apiKey, headers = {}, fetch } = options;
  const wire = wires[id];
  const model = (options.model ?? wire.model).replace(new RegExp(`^(?:${id}|models|google)/`), "");
  const baseUrl = (options.baseUrl ?? wire.baseUrl).replace(/\/+$/, "");
  const host = hostOf(baseUrl);
  return {
    id,
    model,
    key: createHash("sha256").update(`${baseUrl}\n${model}`).digest("hex").slice(0, 16),
    batchSize: wire.batchSize,
    concurrency: 2,
    async embed(texts, kind, signal) {
      const timeout = AbortSignal.timeout(timeoutMs[kind]);
      const request = {
        method: "POST",
        headers: { "content-type": "application/json", ...(apiKey ? wire.auth(apiKey) : {}), ...headers },
        body: JSON.stringify(wire.body(model, texts, kind)),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        // A key must not follow a redirect to somewhere else.
        redirect: "error" as const,
      };
      const response = await fetch(baseUrl + wire.path(model), request).catch((cause: unknown) => {
        signal?.throwIfAborted();
        throw new EmbeddingFailure(`${host} cannot be reached`, { retryable: true, cause });
      });
      if (!response.ok) throw await refusal(response, id, host);
      return readVectors(await response.json().catch(() => ({})), wire, texts.length, host);
    },
    close: () => {},
  };
}

async function refusal(response: Response, id: string, host: string): Promise<EmbeddingFailure> {
  const { status } = response;
  await response.body?.cancel();
  const retryable = status === 408 || status === 409 || status === 429 || status >= 500;
  const reason =
    status === 401 || status === 403
      ? `refused the ${id} key`
      : status === 429
        ? "is asked too often (429)"
        : `answered ${status}`;
  return new EmbeddingFailure(`${host} ${reason}`, { retryable });
}

function readVectors(answer: unknown, wire: Wire, count: number, host: string): Float32Array[] {
  const vectors =
    typeof answer === "object" && answer !== null ? wire.vectors(Object.fromEntries(Object.entries(answer))) : [];
  const numbers = vectors.map((vector) =>
    Array.isArray(vector) && vector.every((value) => Number.isFinite(value)) ? vector : [],
  );
  const dims = numbers[0]?.length ?? 0;
  if (numbers.length !== count || dims === 0 || numbers.some((vector) => vector.length !== dims))
    throw new EmbeddingFailure(`${host} did not answer with ${count} vectors`, { retryable: false });
  return numbers.map((vector: number[]) => unitVector(vector));
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map((entry: unknown) => Object.fromEntries(Object.entries(entry ?? {}))) : [];
}

function hostOf(baseUrl: string): string {
  try {
    return new URL(baseUrl).host;
  } catch {
    throw new EmbeddingFailure("memorySearch.remote.baseUrl is no address", { retryable: false });
  }
}
