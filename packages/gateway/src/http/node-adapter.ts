import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { Clock } from "@openclaw/core";

/** A client that takes no bytes of its answer for this long is cut off. */
const STALLED_READER_MS = 60_000;

/** Undefined when the request target is not a path (proxy and CONNECT forms). */
export function toWebRequest(incoming: IncomingMessage, signal: AbortSignal): Request | undefined {
  const { method = "GET", url = "", headers } = incoming;
  if (!url.startsWith("/")) return undefined;
  // The host is only there to make the URL absolute: who may ask for which host was decided before.
  const target = `http://localhost${url}`;
  if (!URL.canParse(target)) return undefined;
  const fields = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (Array.isArray(value)) for (const item of value) fields.append(name, item);
    else if (value !== undefined) fields.set(name, value);
  }
  if (method === "GET" || method === "HEAD") return new Request(target, { method, headers: fields, signal });
  const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>;
  // A streamed body needs `duplex`, which the browser's types do not know.
  const init: RequestInit & { duplex: "half" } = { method, headers: fields, body, duplex: "half", signal };
  return new Request(target, init);
}

/** Writes the response with backpressure; a stream is cancelled when the client goes away. */
export async function writeWebResponse(response: Response, outgoing: ServerResponse, clock: Clock): Promise<void> {
  const headers: Record<string, string | string[]> = Object.fromEntries(response.headers);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers["set-cookie"] = cookies;
  outgoing.writeHead(response.status, headers);
  if (!response.body || outgoing.req.method === "HEAD") {
    await response.body?.cancel();
    outgoing.end();
    return;
  }
  const reader = response.body.getReader();
  outgoing.once("close", () => void reader.cancel().catch(() => undefined));
  for (;;) {
    const { done, value } = await reader.read();
    if (done || outgoing.destroyed) break;
    if (!outgoing.write(value)) await drained(outgoing, clock);
  }
  outgoing.end();
}

function drained(outgoing: ServerResponse, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(STALLED_READER_MS, () => outgoing.destroy());
    const finish = () => {
      cancel();
      outgoing.off("drain", finish).off("close", finish);
      resolve();
    };
    outgoing.once("drain", finish).once("close", finish);
  });
}
