import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ScriptedReply } from "./reply.ts";
import { sendReply } from "./send-reply.ts";
import { anthropicMessages } from "./wire/anthropic-messages.ts";
import { googleGenerativeAi } from "./wire/google-generative-ai.ts";
import { openaiCompletions } from "./wire/openai-completions.ts";
import { openaiResponses } from "./wire/openai-responses.ts";
import type { ReadRequest, Wire, WireName } from "./wire/wire.ts";

/** One request that reached the server. */
export interface LlmCall extends ReadRequest {
  /** From 0. */
  index: number;
  wire: WireName;
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Readonly<Record<string, unknown>>;
  /** True once the client went away before the answer was complete. */
  readonly aborted: boolean;
}

export interface ScriptedLlmOptions {
  /** Answers a call. Default: echo the newest user text at once. `enqueue`d replies come first. */
  script?: (call: LlmCall) => ScriptedReply | Promise<ScriptedReply>;
  /** Ids in `/v1/models` and `/api/tags`. Default `["scripted"]`. */
  models?: readonly string[];
  /** Default 0: any free port. */
  port?: number;
}

export interface ScriptedLlm {
  port: number;
  /** `http://127.0.0.1:<port>`: base URL for Anthropic's wire. */
  url: string;
  /** Base URL as each wire's client wants it. */
  baseUrl: Readonly<Record<WireName, string>>;
  /** Answers for the next calls, in this order, before the script is asked. */
  enqueue(...replies: ScriptedReply[]): void;
  script(answer: (call: LlmCall) => ScriptedReply | Promise<ScriptedReply>): void;
  calls(): readonly LlmCall[];
  /** Resolves with the first call (past or future) that matches. Rejects after `timeoutMs` (default 5000). */
  waitForCall(matches?: (call: LlmCall) => boolean, timeoutMs?: number): Promise<LlmCall>;
  /** GET requests, e.g. probes, as `path` with their headers. */
  probes(): readonly { path: string; headers: LlmCall["headers"] }[];
  close(): Promise<void>;
}

const WIRES: readonly Wire[] = [openaiCompletions, openaiResponses, anthropicMessages, googleGenerativeAi];

const echo = (call: LlmCall): ScriptedReply => ({ kind: "answer", text: call.lastUserText });

/** A model server on 127.0.0.1 that speaks the four big wires and says what the test tells it to. */
export async function startScriptedLlm(options: ScriptedLlmOptions = {}): Promise<ScriptedLlm> {
  let script = options.script ?? echo;
  const queue: ScriptedReply[] = [];
  const calls: LlmCall[] = [];
  const probes: { path: string; headers: LlmCall["headers"] }[] = [];
  const waiting = new Set<(call: LlmCall) => void>();
  const models = options.models ?? ["scripted"];
  const counter = { toolCalls: 0 };

  const onPost = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const wire = WIRES.find((candidate) => candidate.matches(path.split("?")[0] ?? path));
    const body = await readJson(request);
    if (!wire || !body) {
      response.writeHead(wire ? 400 : 404).end();
      return;
    }
    let aborted = false;
    response.on("close", () => (aborted = !response.writableFinished));
    const call: LlmCall = {
      ...wire.read(body, path),
      index: calls.length,
      wire: wire.name,
      path,
      headers: request.headers,
      body,
      get aborted() {
        return aborted;
      },
    };
    calls.push(call);
    for (const notify of waiting) notify(call);
    await sendReply(response, wire, call.model, queue.shift() ?? (await script(call)), counter);
  };

  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    response.on("error", () => {});
    if (request.method === "GET") {
      probes.push({ path, headers: request.headers });
      const list = path.endsWith("/api/tags")
        ? { models: models.map((name) => ({ name, model: name })) }
        : { object: "list", data: models.map((id) => ({ id, object: "model", owned_by: "testkit" })) };
      const known = path.endsWith("/api/tags") || path.endsWith("/models");
      response
        .writeHead(known ? 200 : 404, { "content-type": "application/json" })
        .end(known ? JSON.stringify(list) : "");
      return;
    }
    onPost(request, response, path).catch((error: unknown) => {
      // A script that throws is a broken test: say so where the model's answer is expected.
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  return {
    port,
    url,
    baseUrl: {
      "openai-completions": `${url}/v1`,
      "openai-responses": `${url}/v1`,
      "anthropic-messages": url,
      "google-generative-ai": `${url}/v1beta`,
    },
    enqueue: (...replies) => void queue.push(...replies),
    script: (answer) => void (script = answer),
    calls: () => calls,
    probes: () => probes,
    waitForCall(matches = () => true, timeoutMs = 5000) {
      const past = calls.find(matches);
      if (past) return Promise.resolve(past);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(notify);
          reject(new Error(`No matching model call within ${timeoutMs} ms; ${calls.length} call(s) so far.`));
        }, timeoutMs);
        const notify = (call: LlmCall) => {
          if (!matches(call)) return;
          clearTimeout(timer);
          waiting.delete(notify);
          resolve(call);
        };
        waiting.add(notify);
      });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
