import { createServer, type IncomingMessage, type Server } from "node:http";

/** What one call asked for. */
export interface EmbeddingCall {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  texts: string[];
  body: Record<string, unknown>;
}

export interface EmbeddingServer {
  url: string;
  calls: EmbeddingCall[];
  /** Answers the next calls with these statuses instead. */
  fail(...statuses: number[]): void;
  /** Dimensions from now on. */
  dims: number;
  close(): Promise<void>;
}

/** Words that mean the same to the fake model. */
const meanings = [
  ["key", "spare", "flat", "door"],
  ["dentist", "teeth", "tooth", "okafor"],
  ["hotel", "sleeping", "lisbon", "portugal"],
  ["wifi", "internet", "password", "fridge"],
  ["cat", "pet", "ada"],
];

/** A text as counts of meanings, the same on every machine; a text with none of them points a way of its own. */
export function meaningOf(text: string, dims: number): number[] {
  const vector = Array.from({ length: dims }, () => 0.01);
  for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) {
    const index = meanings.findIndex((group) => group.includes(word));
    vector[index < 0 ? dims - 1 : index]! += index < 0 ? 0.05 : 1;
  }
  return vector;
}

/** Speaks the wire of OpenAI, Voyage and Gemini, with a model that knows five meanings. */
export async function startEmbeddingServer(): Promise<EmbeddingServer> {
  const statuses: number[] = [];
  const calls: EmbeddingCall[] = [];
  const http: Server = createServer((request, response) => {
    void readJson(request).then((body) => {
      const gemini = request.url?.includes(":batchEmbedContents") ?? false;
      const texts = gemini ? geminiTexts(body) : (body["input"] as string[]);
      calls.push({ path: request.url ?? "", headers: request.headers, texts, body });
      const status = statuses.shift();
      response.writeHead(status ?? 200, { "content-type": "application/json" });
      if (status)
        return response.end(JSON.stringify({ error: { message: `the key canary-key is bad; you sent ${texts[0]}` } }));
      const vectors = texts.map((text) => meaningOf(text, server.dims));
      const answer = gemini
        ? { embeddings: vectors.map((values) => ({ values })) }
        : { data: vectors.map((embedding, index) => ({ index, embedding })).toReversed() };
      return response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  const address = http.address();
  const server: EmbeddingServer = {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/v1`,
    calls,
    fail: (...next) => void statuses.push(...next),
    dims: 8,
    async close() {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
  return server;
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return JSON.parse(text) as Record<string, unknown>;
}

function geminiTexts(body: Record<string, unknown>): string[] {
  const requests = body["requests"] as { content: { parts: { text: string }[] } }[];
  return requests.map(({ content }) => content.parts[0]?.text ?? "");
}
