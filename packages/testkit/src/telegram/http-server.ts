import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiFailure } from "./api-failure.ts";
import type { Call, CallLog } from "./call-log.ts";
import type { Fault, Faults } from "./faults.ts";
import type { MethodContext } from "./methods/context.ts";
import { METHODS } from "./methods/index.ts";
import { DOWNLOAD_LIMIT } from "./methods/media.ts";
import { type MultipartFile, parseMultipart } from "./multipart.ts";

/** Largest upload the cloud Bot API takes, bytes. */
const UPLOAD_LIMIT = 50 * 1024 * 1024;

/** What a client in this process needs to notice that a kept-alive connection is gone, ms. */
const NOTICE_MS = 10;

export interface BotServerOptions {
  port: number;
  /** Whether requests with this token are served; `false` answers 401. */
  authorize(token: string): boolean;
  calls: CallLog;
  faults: Faults;
  /** Everything a method needs apart from the request. */
  context: Omit<MethodContext, "params" | "files" | "signal">;
}

export interface BotServer {
  readonly port: number;
  /** Cuts every open connection; resolves with how many, once clients here can have noticed. */
  dropConnections(): Promise<number>;
  /** Connections that are open now. */
  connections(): number;
  /** Stops listening, so that connecting is refused; `accept` listens on the same port again. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  close(): Promise<void>;
}

const listen = (server: Server, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });

/** The Bot API's HTTP face: `/bot<token>/<method>` and `/file/bot<token>/<path>`, on loopback. */
export async function startBotServer(options: BotServerOptions): Promise<BotServer> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    answer(options, request, response).catch(() => response.destroy());
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await listen(server, options.port);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const dropConnections = async () => {
    const count = sockets.size;
    for (const socket of sockets) socket.resetAndDestroy();
    await sleep(NOTICE_MS);
    return count;
  };
  const stop = async () => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    await dropConnections();
    await closed;
  };
  return {
    port,
    connections: () => sockets.size,
    dropConnections,
    refuse: stop,
    accept: () => listen(server, port),
    close: stop,
  };
}

async function answer(options: BotServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? "/", "http://emulator").pathname;
  const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(path);
  const method = /^\/bot([^/]+)\/([A-Za-z]+)$/.exec(path);
  const token = decodeURIComponent(file?.[1] ?? method?.[1] ?? "");
  const body = await readBody(request, response);
  if (body === undefined) return;
  if (token === "" || !/^\d+:[\w-]+$/.test(token)) return send(response, 404, failure(404, "Not Found"));
  if (!options.authorize(token)) return send(response, 401, failure(401, "Unauthorized"));
  if (file !== null) return sendFile(options, decodeURIComponent(file[2] ?? ""), response);
  const { params, files } = readParams(request, body);
  const call = options.calls.begin(method?.[2] ?? "", params, files);
  await answerCall(options, call, response);
}

async function answerCall(options: BotServerOptions, call: Call, response: ServerResponse): Promise<void> {
  const { calls, faults, context } = options;
  const fault = faults.take(call.method);
  const refusal = fault === undefined ? undefined : refusalOf(fault);
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    if (fault?.reset === "before" || fault?.hang === "before") return lose(options, call, response, fault);
    if (refusal !== undefined) throw refusal;
    const method = METHODS.get(call.method.toLowerCase());
    if (method === undefined) throw new ApiFailure(404, "Not Found: method not found");
    const result = await method({ ...context, params: call.params, files: call.files, signal: gone.signal });
    call.accepted = true;
    if (fault?.reset !== undefined || fault?.hang !== undefined) {
      call.result = result;
      return lose(options, call, response, fault);
    }
    send(response, 200, fault?.badJson === true ? "<html>Bad Gateway" : { ok: true, result });
    calls.finish(call, { outcome: gone.signal.aborted ? "lost" : "ok", status: 200, result });
  } catch (error) {
    const refused =
      error instanceof ApiFailure ? error : new ApiFailure(500, `Internal Server Error: ${String(error)}`);
    send(response, refused.status, failure(refused.status, refused.message, refused.parameters));
    calls.finish(call, { outcome: "refused", status: refused.status, description: refused.message });
  }
}

function lose({ calls }: BotServerOptions, call: Call, response: ServerResponse, fault: Fault): void {
  if (fault.reset !== undefined) response.socket?.resetAndDestroy();
  calls.finish(call, { outcome: "lost" });
}

function refusalOf(fault: Fault): ApiFailure | undefined {
  if (fault.retryAfter !== undefined)
    return new ApiFailure(429, `Too Many Requests: retry after ${fault.retryAfter}`, { retry_after: fault.retryAfter });
  if (fault.status !== undefined) return new ApiFailure(fault.status, fault.description ?? `emulated ${fault.status}`);
  return undefined;
}

async function readBody(request: IncomingMessage, response: ServerResponse): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= UPLOAD_LIMIT) chunks.push(chunk);
  }
  if (size <= UPLOAD_LIMIT) return Buffer.concat(chunks);
  send(response, 413, failure(413, "Request Entity Too Large"));
  return undefined;
}

function readParams(
  request: IncomingMessage,
  body: Buffer,
): { params: Record<string, unknown>; files: Record<string, MultipartFile> } {
  const type = request.headers["content-type"] ?? "";
  const query = Object.fromEntries(new URL(request.url ?? "/", "http://emulator").searchParams);
  if (type.startsWith("multipart/form-data")) {
    const { fields, files } = parseMultipart(body, type);
    return { params: { ...query, ...fields }, files };
  }
  if (type.startsWith("application/x-www-form-urlencoded"))
    return { params: { ...query, ...Object.fromEntries(new URLSearchParams(body.toString("utf8"))) }, files: {} };
  const json: Record<string, unknown> = body.length === 0 ? {} : JSON.parse(body.toString("utf8"));
  return { params: { ...query, ...json }, files: {} };
}

function sendFile({ context }: BotServerOptions, path: string, response: ServerResponse): void {
  const file = [...context.world.files.values()].find((one) => one.path === path);
  if (file === undefined || file.size > DOWNLOAD_LIMIT) return send(response, 404, failure(404, "Not Found"));
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": file.data.byteLength });
  response.end(file.data);
}

const failure = (code: number, description: string, parameters?: Record<string, unknown>) => ({
  ok: false,
  error_code: code,
  description,
  ...(parameters === undefined ? {} : { parameters }),
});

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}
