import { once } from "node:events";
import { type ClientOptions, WebSocket } from "ws";

export interface TestFrame {
  type: "req" | "res" | "event";
  id?: string;
  ok?: boolean;
  payload?: unknown;
  error?: { code: string; message: string; details?: unknown };
  event?: string;
  seq?: number;
  stateVersion?: { presence: number; health: number };
}

/** One WebSocket and everything that it received. */
export interface TestSocket {
  readonly socket: WebSocket;
  readonly frames: TestFrame[];
  /** The first frame, received already or to come, that the test accepts. */
  next(accepts: (frame: TestFrame) => boolean): Promise<TestFrame>;
  send(value: unknown): void;
  /** Sends a request and gives its first response. */
  call(method: string, params?: unknown): Promise<TestFrame>;
  readonly closed: Promise<{ code: number; reason: string }>;
}

export async function openTestSocket(url: string, options: ClientOptions = {}): Promise<TestSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
  const frames: TestFrame[] = [];
  const waiting = new Set<() => void>();
  let calls = 0;
  socket.on("message", (data: Buffer) => {
    frames.push(JSON.parse(data.toString()) as TestFrame);
    for (const check of waiting) check();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once("close", (code, reason) => {
      resolve({ code, reason: reason.toString() });
      for (const check of waiting) check();
    });
  });
  await once(socket, "open");
  socket.on("error", () => undefined);

  function next(accepts: (frame: TestFrame) => boolean): Promise<TestFrame> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = frames.find(accepts);
        if (found === undefined && socket.readyState !== WebSocket.CLOSED) return;
        waiting.delete(check);
        if (found) resolve(found);
        else reject(new Error(`socket closed; received ${JSON.stringify(frames).slice(0, 500)}`));
      };
      waiting.add(check);
      check();
    });
  }

  return {
    socket,
    frames,
    next,
    send: (value) => socket.send(typeof value === "string" ? value : JSON.stringify(value)),
    call(method, params) {
      const id = `call-${(calls += 1)}`;
      socket.send(JSON.stringify({ type: "req", id, method, params }));
      return next((frame) => frame.type === "res" && frame.id === id);
    },
    closed,
  };
}
