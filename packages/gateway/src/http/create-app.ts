import { Hono } from "hono";
import type { Log } from "@openclaw/core";
import { createControlUi } from "./control-ui.ts";
import type { HttpApp, HttpBindings, HttpOptions, RouteTools } from "./http-options.ts";
import { readLimitedBody } from "./request-body.ts";

const DEFAULT_MAX_WEBHOOK_BYTES = 1024 * 1024;

/** Builds the routes once. Order: webhooks, probes, API, further routes, Control UI. */
export async function createApp(options: HttpOptions, tools: RouteTools, log: Log): Promise<HttpApp> {
  const app: HttpApp = new Hono<{ Bindings: HttpBindings }>();

  app.use(async (context, next) => {
    await next();
    const { headers } = context.res;
    headers.set("x-content-type-options", "nosniff");
    headers.set("x-frame-options", "DENY");
    if (!headers.has("content-security-policy")) headers.set("content-security-policy", "frame-ancestors 'none'");
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  });

  app.onError((error, context) => {
    log.error("http route failed", { path: context.req.path, error: String(error) });
    return context.json({ error: { message: "Internal error; see the gateway log", type: "internal_error" } }, 500);
  });

  app.use(async (context, next) => {
    const handler = options.webhooks?.match(context.req.path);
    return handler ? callWebhook(handler, context.req.raw, options.maxWebhookBytes) : next();
  });

  app.get("/healthz", (context) => context.json({ ok: true }));
  app.get("/readyz", (context) => {
    const readiness = options.readiness?.() ?? { ready: true };
    return context.json(readiness, readiness.ready ? 200 : 503);
  });
  app.get("/api/health", async (context) => {
    return tools.refuseUnauthorized(context.req.raw, context.env.peer) ?? Response.json(await options.health());
  });
  for (const path of ["/healthz", "/readyz", "/api/health"]) {
    app.all(path, () => new Response("Method Not Allowed", { status: 405, headers: { allow: "GET, HEAD" } }));
  }

  await options.routes?.(app, tools);

  const { avatar } = options;
  if (avatar) {
    const basePath = options.controlUi?.basePath ?? "";
    for (const prefix of new Set(["", basePath])) {
      app.get(`${prefix}/avatar/:agentId`, (context) => avatar(context.req.param("agentId") ?? "", context.req.raw));
    }
  }

  app.all("/api/*", (context) => context.json({ error: { message: "Not found", type: "not_found" } }, 404));
  const controlUi = options.controlUi && createControlUi(options.controlUi);
  app.all("*", async (context) => {
    if (!controlUi) return new Response("Not Found", { status: 404 });
    // Still percent-encoded, so that an encoded separator is seen for what it is.
    return controlUi(new URL(context.req.url).pathname, context.req.raw);
  });
  return app;
}

async function callWebhook(
  handler: (request: Request) => Promise<Response>,
  request: Request,
  maxBytes = DEFAULT_MAX_WEBHOOK_BYTES,
): Promise<Response> {
  const { method, headers, url, signal } = request;
  if (method === "GET" || method === "HEAD") return handler(request);
  const body = await readLimitedBody(request, maxBytes);
  if (!body) return new Response("Payload Too Large", { status: 413, headers: { connection: "close" } });
  return handler(new Request(url, { method, headers, body, signal }));
}
