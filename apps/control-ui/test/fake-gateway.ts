import { createHash, randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { WebSocketServer } from "ws";
import type { RawData, WebSocket } from "ws";
import { isRecord, textFrom } from "../src/wire/narrow.ts";
import { createFakeChat } from "./fake-chat.ts";
import type { FakeChat } from "./fake-chat.ts";

export interface FakeGatewayOptions {
  /** Directory of the built page. */
  dist: string;
  basePath?: string;
  token?: string;
  password?: string;
}

/** Speaks the wire of protocol 3 as far as the page uses it, over a real socket. */
export interface FakeGateway {
  readonly origin: string;
  readonly token: string;
  readonly chat: FakeChat;
  /** Every request after the handshake, oldest first. */
  readonly requests: { method: string; params: Record<string, unknown> }[];
  /** `connect` params of every attempt. */
  readonly connects: Record<string, unknown>[];
  /** Channel part of `channels.status`. */
  channels: Record<string, unknown>;
  /** Refuses the next handshakes with this error, until set back. */
  refuse: { code: string; message: string; details?: unknown } | undefined;
  broadcast(event: string, payload: unknown): void;
  /** Lets numbers go by that nobody receives. */
  skipEvents(count: number): void;
  /** Cuts every connection without a goodbye and, while `true`, takes no new ones. */
  cut(unreachable: boolean): void;
  close(): Promise<void>;
}

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

export async function startFakeGateway(options: FakeGatewayOptions): Promise<FakeGateway> {
  const { dist, basePath = "" } = options;
  const token = options.token ?? randomBytes(16).toString("hex");
  const deviceTokens = new Set<string>();
  const ready = new Set<WebSocket>();
  let seq = 0;
  let unreachable = false;

  const http = createServer((request, response) => void servePage(request, response));
  const sockets = new WebSocketServer({ noServer: true });
  http.on("upgrade", (request, socket, head) => {
    if (unreachable) socket.destroy();
    else sockets.handleUpgrade(request, socket, head, (webSocket) => welcome(webSocket));
  });

  async function servePage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://localhost").pathname.slice(basePath.length);
    const file = /^\/(?:assets\/[\w.-]+|favicon\.svg)$/.test(path) ? path : "/index.html";
    const body = await readFile(join(dist, file)).catch(() => undefined);
    if (!body) return void response.writeHead(404).end();
    response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
    if (file !== "/index.html") return void response.end(body);
    // As the gateway does it: a script allowed by its hash, and addresses made absolute.
    const script = `window.__OPENCLAW_CONTROL_UI_BASE_PATH__=${JSON.stringify(basePath)};window.__OPENCLAW_ASSISTANT_NAME__="Claw";`;
    const hash = createHash("sha256").update(script).digest("base64");
    response.setHeader(
      "content-security-policy",
      `default-src 'none'; script-src 'self' 'sha256-${hash}'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    const html = body.toString().replaceAll(/(src|href)="\.\//g, `$1="${basePath}/`);
    response.end(html.replace("<!--openclaw-bootstrap-->", `<script>${script}</script>`));
  }

  function broadcast(event: string, payload: unknown): void {
    seq += 1;
    for (const socket of ready) socket.send(JSON.stringify({ type: "event", event, payload, seq }));
  }

  const chat = createFakeChat({
    broadcast,
    toolEvent: (payload) => {
      for (const socket of ready) socket.send(JSON.stringify({ type: "event", event: "agent", payload }));
    },
  });

  const gateway: FakeGateway = {
    origin: "",
    token,
    chat,
    requests: [],
    connects: [],
    channels: {},
    refuse: undefined,
    broadcast,
    skipEvents: (count) => void (seq += count),
    cut(stay) {
      unreachable = stay;
      for (const socket of sockets.clients) socket.terminate();
    },
    async close() {
      chat.close();
      for (const socket of sockets.clients) socket.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };

  function welcome(socket: WebSocket): void {
    const nonce = randomUUID();
    let greeted = false;
    socket.on("close", () => ready.delete(socket));
    socket.on("message", (data) => {
      const frame = readFrame(data);
      const answer = (outcome: { payload: unknown } | { error: unknown }) =>
        socket.send(JSON.stringify({ type: "res", id: frame.id, ok: "payload" in outcome, ...outcome }));
      if (greeted) {
        gateway.requests.push({ method: frame.method, params: frame.params });
        void respond(frame.method, frame.params).then(answer);
        return;
      }
      gateway.connects.push(frame.params);
      const refusal = gateway.refuse ?? authorize(frame.params, nonce);
      if (refusal) {
        answer({ error: refusal });
        socket.close(1008, refusal.message.slice(0, 120));
        return;
      }
      greeted = true;
      ready.add(socket);
      answer({ payload: hello() });
    });
    socket.send(JSON.stringify({ type: "event", event: "connect.challenge", payload: { nonce, ts: Date.now() } }));
  }

  function authorize(params: Record<string, unknown>, nonce: string): { code: string; message: string } | undefined {
    const auth = isRecord(params.auth) ? params.auth : {};
    const [given, password] = [textFrom(auth.token), textFrom(auth.password)];
    const device = isRecord(params.device) ? params.device : undefined;
    if (!device) return refusal("control ui requires HTTPS or localhost (secure context)");
    if (device.nonce !== nonce) return refusal("device nonce mismatch");
    if (given !== undefined && deviceTokens.has(given)) return undefined;
    if (options.password !== undefined) {
      if (password === options.password) return undefined;
      return refusal(`unauthorized: gateway password ${password ? "mismatch" : "missing"} (enter the password)`);
    }
    if (given === token) return undefined;
    return refusal(`unauthorized: gateway token ${given ? "mismatch" : "missing"} (open the dashboard link)`);
  }

  function hello(): unknown {
    const deviceToken = randomBytes(16).toString("hex");
    deviceTokens.add(deviceToken);
    const scopes = ["operator.admin", "operator.approvals", "operator.pairing"];
    return {
      type: "hello-ok",
      protocol: 3,
      server: { version: "0.1.0", host: "studio", connId: randomUUID() },
      features: { methods: [], events: [] },
      snapshot: {
        presence: presence(),
        health: health(),
        stateVersion: { presence: 1, health: 1 },
        uptimeMs: 7_500_000,
        configPath: "~/.openclaw/openclaw.json",
        stateDir: "~/.openclaw",
        sessionDefaults: {
          defaultAgentId: "main",
          mainKey: "main",
          mainSessionKey: "agent:main:main",
          scope: "per-sender",
        },
      },
      auth: { deviceToken, role: "operator", scopes, issuedAtMs: Date.now() },
      policy: { maxPayload: 524_288, maxBufferedBytes: 1_572_864, tickIntervalMs: 30_000 },
    };
  }

  async function respond(
    method: string,
    params: Record<string, unknown>,
  ): Promise<{ payload: unknown } | { error: unknown }> {
    const chatAnswer = chat.respond(method, params);
    if (chatAnswer) return chatAnswer;
    switch (method) {
      case "health":
        return { payload: health() };
      case "channels.status":
        return {
          payload: {
            ts: Date.now(),
            channelOrder: [],
            channelLabels: {},
            channels: {},
            channelAccounts: {},
            channelDefaultAccountId: {},
            ...gateway.channels,
          },
        };
      case "agents.list":
        return {
          payload: {
            defaultId: "main",
            mainKey: "main",
            scope: "per-sender",
            agents: [{ id: "main", identity: { name: "Claw" } }],
          },
        };
      case "system-presence":
        return { payload: presence() };
      default:
        return { error: { code: "INVALID_REQUEST", message: `unknown method: ${method}` } };
    }
  }

  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const address = http.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return Object.assign(gateway, { origin: `http://127.0.0.1:${port}` });
}

const refusal = (message: string) => ({ code: "INVALID_REQUEST", message });

function readFrame(data: RawData): { id: string; method: string; params: Record<string, unknown> } {
  const frame: unknown = JSON.parse(Buffer.isBuffer(data) ? data.toString() : "");
  if (!isRecord(frame) || typeof frame.id !== "string" || typeof frame.method !== "string")
    throw new Error("bad frame");
  return { id: frame.id, method: frame.method, params: isRecord(frame.params) ? frame.params : {} };
}

function presence(): unknown[] {
  const ts = Date.now();
  return [
    { host: "studio", version: "0.1.0", platform: "linux", mode: "gateway", reason: "self", ts },
    { host: "browser", version: "0.1.0", mode: "webchat", reason: "connect", instanceId: "i1", ts },
  ];
}

function health(): unknown {
  return {
    ok: true,
    ts: Date.now(),
    durationMs: 1,
    channels: {},
    channelOrder: [],
    channelLabels: {},
    heartbeatSeconds: 0,
    defaultAgentId: "main",
    agents: [{ agentId: "main", isDefault: true }],
    sessions: { path: "", count: 0, recent: [] },
  };
}
