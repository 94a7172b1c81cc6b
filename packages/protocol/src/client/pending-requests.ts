import { GatewayError } from "../gateway-error.ts";
import { createDeferred } from "./deferred.ts";
import { isRecord } from "./inbound.ts";
import type { ErrorShape, ResponseFrame } from "../schema/index.ts";
import type { ClientClock } from "./options.ts";

export interface PendingOptions {
  method: string;
  /** From now to the last answer, in ms; none when undefined or not finite. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** A first answer `status:"accepted"` is handed over here and another is awaited. */
  twoStage: boolean;
  onAccepted?: (payload: unknown) => void;
}

interface Pending extends PendingOptions {
  settle(): void;
  resolve(payload: unknown): void;
  reject(error: unknown): void;
}

/** Requests under way, by id. */
export function createPendingRequests(clock: ClientClock) {
  const byId = new Map<string, Pending>();
  let counter = 0;

  return {
    /** Registers a request and sends it by calling `send` with its id. Rejects with what `send` throws. */
    add(options: PendingOptions, send: (id: string) => void): Promise<unknown> {
      const { method, timeoutMs, signal } = options;
      if (signal?.aborted) return Promise.reject<unknown>(signal.reason);
      const id = String(++counter);
      const { promise, resolve, reject } = createDeferred<unknown>();
      const fail = (error: unknown) => {
        pending.settle();
        reject(error);
      };
      const onAbort = () => fail(signal?.reason);
      const cancelTimer =
        timeoutMs === undefined || !Number.isFinite(timeoutMs)
          ? undefined
          : clock.after(timeoutMs, () => fail(timeoutError(method, timeoutMs)));
      const pending: Pending = {
        ...options,
        resolve,
        reject,
        settle() {
          byId.delete(id);
          cancelTimer?.();
          signal?.removeEventListener("abort", onAbort);
        },
      };
      byId.set(id, pending);
      signal?.addEventListener("abort", onAbort, { once: true });
      try {
        send(id);
      } catch (error) {
        fail(error);
      }
      return promise;
    },

    /** Hands an answer to its request. Answers to requests that were given up are dropped. */
    answer(frame: ResponseFrame): void {
      const pending = byId.get(frame.id);
      if (!pending) return;
      const accepted = frame.ok && isRecord(frame.payload) && frame.payload.status === "accepted";
      if (pending.twoStage && accepted) return pending.onAccepted?.(frame.payload);
      pending.settle();
      if (frame.ok) pending.resolve(frame.payload);
      else pending.reject(requestError(pending.method, frame.error, frame.payload));
    },

    rejectAll(error: (method: string) => GatewayError): void {
      for (const pending of Array.from(byId.values())) {
        pending.settle();
        pending.reject(error(pending.method));
      }
    },
  };
}

function timeoutError(method: string, timeoutMs: number): GatewayError {
  return new GatewayError({
    code: "GATEWAY_REQUEST_TIMEOUT",
    message: `the gateway did not answer ${method} within ${timeoutMs} ms`,
    hint: "The gateway may still be working on it; look at its log, or allow more time.",
    retryable: true,
  });
}

function requestError(method: string, error: ErrorShape | undefined, payload: unknown): GatewayError {
  const { code, message, ...rest } = error ?? { code: "UNAVAILABLE", message: `${method} failed without a reason` };
  const scope = /^missing scope: (.+)$/.exec(message)?.[1];
  return new GatewayError({
    code,
    message,
    ...rest,
    ...(scope === undefined ? {} : { hint: `${method} needs a connection with the scope ${scope}.` }),
    ...(payload === undefined ? {} : { payload }),
  });
}
