import type { HelloOk } from "../schema/index.ts";
import { isRecord } from "./inbound.ts";

/** Whether the answer to `connect` has everything that the client itself relies on. */
export function isHelloOk(payload: unknown): payload is HelloOk {
  if (!isRecord(payload) || payload.type !== "hello-ok" || typeof payload.protocol !== "number") return false;
  const { policy, server, features, snapshot, auth } = payload;
  if (!isRecord(policy) || !isPositive(policy.tickIntervalMs) || !isPositive(policy.maxPayload)) return false;
  if (!isRecord(server) || !isRecord(snapshot)) return false;
  if (!isRecord(features) || !Array.isArray(features.methods) || !Array.isArray(features.events)) return false;
  return auth === undefined || isDeviceAuth(auth);
}

const isPositive = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value) && value > 0;

const isDeviceAuth = (auth: unknown): boolean =>
  isRecord(auth) && typeof auth.deviceToken === "string" && typeof auth.role === "string" && Array.isArray(auth.scopes);
