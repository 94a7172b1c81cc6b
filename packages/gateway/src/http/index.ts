export { isLoopbackAddress, normalizeAddress } from "./host-name.ts";
export { createHttpHandler, type HttpHandlerOptions } from "./http-handler.ts";
export type {
  ControlUiOptions,
  HttpApp,
  HttpBindings,
  HttpOptions,
  Readiness,
  RouteTools,
  WebhookRoutes,
} from "./http-options.ts";
export { type HostPolicy, isHostAllowed, isOriginAllowed } from "./origin.ts";
export { judgePeer, type Peer, type PeerPolicy, type PeerRequest } from "./peer.ts";
export { readLimitedBody } from "./request-body.ts";
