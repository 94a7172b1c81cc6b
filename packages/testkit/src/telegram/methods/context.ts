import { badRequest } from "../api-failure.ts";
import type { MultipartFile } from "../multipart.ts";
import type { UpdateQueue } from "../update-queue.ts";
import type { WebhookSender } from "../webhook-sender.ts";
import type { World } from "../world.ts";

export interface MethodContext {
  params: Readonly<Record<string, unknown>>;
  files: Readonly<Record<string, MultipartFile>>;
  world: World;
  queue: UpdateQueue;
  webhook: WebhookSender;
  /** Aborts when the client hung up. */
  signal: AbortSignal;
}

export type Method = (context: MethodContext) => unknown;

/** A structured parameter: a value in a JSON body, JSON text in a multipart one. Its shape is the caller's claim. */
export function objectParam<T>(params: Readonly<Record<string, unknown>>, name: string, absent: T): T {
  const value = params[name];
  if (value === undefined || value === "") return absent;
  try {
    const copy: T = JSON.parse(typeof value === "string" ? value : JSON.stringify(value));
    return copy;
  } catch {
    throw badRequest(`can't parse ${name} JSON object`);
  }
}

export function numberParam(params: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = params[name];
  return value === undefined || value === "" ? undefined : Number(value);
}

export function textParam(params: Readonly<Record<string, unknown>>, name: string): string {
  const value = params[name];
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

export function flagParam(params: Readonly<Record<string, unknown>>, name: string): boolean {
  return params[name] === true || params[name] === "true";
}
