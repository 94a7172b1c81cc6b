import type { Api } from "grammy";

/** grammY's own AbortSignal type: at run time it takes any signal, the platform's included. */
export type ApiSignal = NonNullable<Parameters<Api["getMe"]>[0]>;

export function apiSignal(signal: AbortSignal): ApiSignal;
export function apiSignal(signal: unknown): unknown {
  return signal;
}
