export type { AuthSettings, TailscaleWhois } from "./auth.ts";
export { createServer } from "./create-server.ts";
export { createIdempotencyCache, type IdempotencyCache, type IdempotencyCacheOptions } from "./idempotency-cache.ts";
export { invalidRequest, RpcError, type RpcErrorCode, type RpcErrorOptions, unavailable } from "./rpc-error.ts";
export type { CreateServerOptions, ServerLimits, ServerSettings, SnapshotSources } from "./server-options.ts";
export type {
  BroadcastOptions,
  ConnectedClient,
  GatewayServer,
  MethodContext,
  MethodHandler,
  ServerDependencies,
} from "./types.ts";
