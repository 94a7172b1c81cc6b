import { OpenClawError, type Log } from "@openclaw/core";
import { authorize, methodSpec, unknownMethod, validateParams } from "@openclaw/protocol";
import type { RequestFrame } from "@openclaw/protocol/schema";
import { invalidRequest, RpcError, unavailable } from "./rpc-error.ts";
import type { ConnectedClient, MethodContext, MethodHandler } from "./types.ts";

export interface MethodCallOptions {
  methods: ReadonlyMap<string, MethodHandler>;
  log: Log;
}

export interface MethodCall {
  frame: RequestFrame;
  client: ConnectedClient;
  signal: AbortSignal;
  send(text: string): void;
}

/**
 * Answers one request: authority first (also for names that do not exist), then the name, then the params, then the
 * handler. Every path sends exactly one last response. Never rejects.
 */
export async function callMethod(call: MethodCall, { methods, log }: MethodCallOptions): Promise<void> {
  const { frame, client, signal, send } = call;
  const { id, method } = frame;
  try {
    const { handler, params } = resolve(frame, client, methods);
    const context: MethodContext = { client, signal, respond: (payload) => send(successText(id, payload)) };
    const result = handler(params as never, context);
    send(successText(id, result instanceof Promise ? await result : result));
  } catch (error) {
    if (!RpcError.is(error) && !signal.aborted) log.warn("method failed", { method, error: String(error) });
    send(failureText(id, error));
  }
}

function resolve(
  { method, params }: RequestFrame,
  client: ConnectedClient,
  methods: ReadonlyMap<string, MethodHandler>,
): { handler: MethodHandler; params: unknown } {
  const allowed = authorize(client, method);
  if (!allowed.ok) throw invalidRequest(allowed.message);
  if (method === "connect") throw invalidRequest("connect is only valid as the first request");
  const handler = methods.get(method);
  const isListed = methodSpec(method) !== undefined;
  if (!handler)
    throw isListed ? unavailable(`method not available yet: ${method}`) : invalidRequest(unknownMethod(method));
  // A plugin's method has no schema here and checks its params itself.
  if (!isListed) return { handler, params };
  const checked = validateParams(method, params);
  if (!checked.ok) throw invalidRequest(checked.message);
  return { handler, params: checked.value };
}

function successText(id: string, payload: unknown): string {
  return JSON.stringify({ type: "res", id, ok: true, payload });
}

function failureText(id: string, error: unknown): string {
  if (RpcError.is(error)) {
    const { code, message, details, retryable, retryAfterMs, payload } = error;
    return JSON.stringify({
      type: "res",
      id,
      ok: false,
      payload,
      error: { code, message, details, retryable, retryAfterMs },
    });
  }
  if (OpenClawError.is(error)) {
    const details = { code: error.code, hint: error.hint, ...error.details };
    return JSON.stringify({
      type: "res",
      id,
      ok: false,
      error: { code: "UNAVAILABLE", message: error.message, details },
    });
  }
  return JSON.stringify({ type: "res", id, ok: false, error: { code: "UNAVAILABLE", message: String(error) } });
}
