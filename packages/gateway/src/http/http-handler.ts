import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock, Log } from "@openclaw/core";
import type { Peer } from "./peer.ts";
import type { HttpApp, HttpOptions, RouteTools } from "./http-options.ts";
import { toWebRequest, writeWebResponse } from "./node-adapter.ts";

export interface HttpHandlerOptions {
  http: HttpOptions;
  tools: RouteTools;
  clock: Clock;
  log: Log;
  judge(incoming: IncomingMessage): Peer;
  /** Whether this host name may be asked for; see `isHostAllowed`. */
  isHostAllowed(peer: Peer): boolean;
}

const FORBIDDEN_HOST =
  "Forbidden: this gateway does not answer to that host name.\n" +
  "Open it by its own address, or add the origin to gateway.controlUi.allowedOrigins.\n";

/** Answers plain HTTP requests. The router is loaded with the first of them: most gateways are only talked to by WebSocket. */
export function createHttpHandler(options: HttpHandlerOptions) {
  const { http, tools, clock, log, judge, isHostAllowed } = options;
  let app: Promise<HttpApp> | undefined;

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const gone = new AbortController();
    outgoing.once("close", () => {
      if (!outgoing.writableFinished) gone.abort(new Error("client went away"));
    });
    const request = toWebRequest(incoming, gone.signal);
    if (!request) return plain(outgoing, 400, "Bad Request\n");
    const peer = judge(incoming);
    // A platform calls a webhook by the public name of a tunnel, and proves itself by the webhook's own secret.
    const isWebhook = http.webhooks?.match(new URL(request.url).pathname) !== undefined;
    if (!isWebhook && !isHostAllowed(peer)) return plain(outgoing, 403, FORBIDDEN_HOST);
    app ??= import("./create-app.ts").then(({ createApp }) => createApp(http, tools, log));
    const response = await (await app).fetch(request, { peer });
    return writeWebResponse(response, outgoing, clock);
  }

  return (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    answer(incoming, outgoing).catch((error: unknown) => {
      log.warn("http request failed", { path: incoming.url?.split("?")[0], error: String(error) });
      if (outgoing.headersSent) outgoing.destroy();
      else plain(outgoing, 500, "Internal Server Error\n");
    });
  };
}

function plain(outgoing: ServerResponse, status: number, text: string): void {
  outgoing.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    connection: "close",
  });
  outgoing.end(text);
}
