import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { HelloOk, RequestFrame } from "../src/schema/index.ts";

/** The gateway's end of one socket, moved by the test. */
export interface Peer {
  /** The next request, in order of arrival. */
  request(): Promise<RequestFrame>;
  /** Sends a frame, or a string as it is. */
  send(frame: object | string | Buffer): void;
  /** Answers a request. */
  respond(id: string, answer: object): void;
  /** Sends the challenge, reads `connect` and greets. */
  greet(hello?: Partial<HelloOk>): Promise<RequestFrame>;
  close(code: number, reason?: string): void;
  /** Breaks the connection without a goodbye. */
  destroy(): void;
  /** How the socket ended. */
  closed: Promise<{ code: number; reason: string }>;
}

export interface TestGateway {
  url: string;
  /** The next socket, in order of arrival. */
  peer(): Promise<Peer>;
  /** Sockets so far. */
  count(): number;
  close(): Promise<void>;
}

export const helloOk = (changes: Partial<HelloOk> = {}): HelloOk => ({
  type: "hello-ok",
  protocol: 3,
  server: { version: "test", connId: "c1" },
  features: { methods: [], events: [] },
  snapshot: { presence: [], health: {}, stateVersion: { presence: 0, health: 0 }, uptimeMs: 1 },
  policy: { maxPayload: 524_288, maxBufferedBytes: 1_572_864, tickIntervalMs: 30_000 },
  ...changes,
});

/** A WebSocket server on loopback that does only what a test tells it. */
export async function startTestGateway(port = 0): Promise<TestGateway> {
  const server = new WebSocketServer({ host: "127.0.0.1", port });
  await once(server, "listening");
  const peers = queue<Peer>();
  let count = 0;
  server.on("connection", (socket) => {
    count++;
    peers.push(createPeer(socket));
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    peer: peers.next,
    count: () => count,
    close: () =>
      new Promise((resolve) => {
        for (const socket of server.clients) socket.terminate();
        server.close(() => resolve());
      }),
  };
}

function createPeer(socket: WebSocket): Peer {
  const requests = queue<RequestFrame>();
  socket.on("message", (data: Buffer) => requests.push(JSON.parse(data.toString()) as RequestFrame));
  socket.on("error", () => undefined);
  const send = (frame: object | string | Buffer) =>
    socket.send(typeof frame === "string" || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  const respond = (id: string, answer: object) => send({ type: "res", id, ...answer });
  return {
    request: requests.next,
    send,
    respond,
    async greet(hello) {
      send({ type: "event", event: "connect.challenge", payload: { nonce: "n1", ts: 1 } });
      const request = await requests.next();
      respond(request.id, { ok: true, payload: helloOk(hello) });
      return request;
    },
    close: (code, reason) => socket.close(code, reason),
    destroy: () => socket.terminate(),
    closed: new Promise((resolve) => {
      socket.on("close", (code, reason) => resolve({ code, reason: String(reason) }));
    }),
  };
}

/** Values that are taken in the order in which they came, waiting for the next one where necessary. */
function queue<T>() {
  const values: T[] = [];
  const takers: Array<(value: T) => void> = [];
  return {
    push(value: T) {
      const taker = takers.shift();
      if (taker) taker(value);
      else values.push(value);
    },
    next: (): Promise<T> =>
      values.length > 0 ? Promise.resolve(values.shift()!) : new Promise((resolve) => takers.push(resolve)),
  };
}
