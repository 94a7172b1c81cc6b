import type { Hono } from "hono";
import type { Peer } from "./peer.ts";

/** What a route finds in `context.env`. */
export interface HttpBindings {
  peer: Peer;
}

export type HttpApp = Hono<{ Bindings: HttpBindings }>;

export interface Readiness {
  ready: boolean;
  /** Shown in the body, e.g. which part is missing. No secrets: the route needs no sign-in. */
  [detail: string]: unknown;
}

export interface ControlUiOptions {
  /** Absolute path of the built Control UI. A missing one answers 503 with the next step. */
  directory: string;
  /** `gateway.controlUi.basePath`: "" or "/prefix", without a trailing slash. */
  basePath?: string;
  /** Written into index.html for the page; read at every page load. */
  bootstrap(): { assistantName: string; assistantAvatar: string };
}

/** Finds a channel's webhook route, e.g. `/telegram-webhook`. The handler checks the platform's own secret. */
export interface WebhookRoutes {
  match(path: string): ((request: Request) => Promise<Response>) | undefined;
}

export interface HttpOptions {
  /** Answers `/readyz`; without it the gateway is ready as soon as it listens. */
  readiness?(): Readiness;
  /** Payload of `/api/health`: the same as of the `health` method. */
  health(): unknown;
  controlUi?: ControlUiOptions;
  /** Answers GET `/avatar/<agentId>` (`?meta=1` included). */
  avatar?(agentId: string, request: Request): Promise<Response>;
  webhooks?: WebhookRoutes;
  /** Largest webhook body in bytes. Default 1 MiB. */
  maxWebhookBytes?: number;
  /** Adds further routes. They come before the Control UI, which answers everything that is left. */
  routes?(app: HttpApp, tools: RouteTools): void | Promise<void>;
}

export interface RouteTools {
  /** Undefined when the request carries the shared secret as `Authorization: Bearer`; else the response to send. */
  refuseUnauthorized(request: Request, peer: Peer): Response | undefined;
}
