import type { Static } from "typebox";
import { flag, list, oneOf, open, optional, strict, string, text, time } from "./building-blocks.ts";

export const DevicePairListParams = strict({});
export type DevicePairListParams = Static<typeof DevicePairListParams>;

/** Params of `device.pair.approve` and `device.pair.reject`. */
export const DevicePairDecisionParams = strict({ requestId: text() });
export type DevicePairDecisionParams = Static<typeof DevicePairDecisionParams>;

export const DeviceTokenRotateParams = strict({ deviceId: text(), role: text(), scopes: optional(list(text())) });
export type DeviceTokenRotateParams = Static<typeof DeviceTokenRotateParams>;

export const DeviceTokenRevokeParams = strict({ deviceId: text(), role: text() });
export type DeviceTokenRevokeParams = Static<typeof DeviceTokenRevokeParams>;

/** A device that waits for a decision; also the payload of event `device.pair.requested`. */
export const DevicePairRequest = open({
  requestId: text(),
  deviceId: text(),
  publicKey: text(),
  displayName: optional(string()),
  platform: optional(string()),
  clientId: optional(string()),
  clientMode: optional(string()),
  role: optional(string()),
  roles: optional(list(string())),
  scopes: optional(list(string())),
  remoteIp: optional(string()),
  /** Approved without asking because it connected from this machine. */
  silent: optional(flag()),
  /** The device was paired before and comes with another key or wider scopes. */
  isRepair: optional(flag()),
  ts: time(),
});
export type DevicePairRequest = Static<typeof DevicePairRequest>;

/** A device token without its secret. */
export const DeviceTokenSummary = open({
  role: text(),
  scopes: list(string()),
  createdAtMs: time(),
  rotatedAtMs: optional(time()),
  revokedAtMs: optional(time()),
  lastUsedAtMs: optional(time()),
});
export type DeviceTokenSummary = Static<typeof DeviceTokenSummary>;

export const PairedDevice = open({
  deviceId: text(),
  publicKey: text(),
  displayName: optional(string()),
  platform: optional(string()),
  clientId: optional(string()),
  clientMode: optional(string()),
  role: optional(string()),
  roles: optional(list(string())),
  scopes: optional(list(string())),
  remoteIp: optional(string()),
  createdAtMs: time(),
  approvedAtMs: time(),
  tokens: optional(list(DeviceTokenSummary)),
});
export type PairedDevice = Static<typeof PairedDevice>;

export const DevicePairListResult = open({ pending: list(DevicePairRequest), paired: list(PairedDevice) });
export type DevicePairListResult = Static<typeof DevicePairListResult>;

export const DevicePairApproveResult = open({ requestId: text(), device: PairedDevice });
export type DevicePairApproveResult = Static<typeof DevicePairApproveResult>;

export const DevicePairRejectResult = open({ requestId: text(), deviceId: text() });
export type DevicePairRejectResult = Static<typeof DevicePairRejectResult>;

/** `token` is a secret: 32 hex characters, shown this once. */
export const DeviceTokenRotateResult = open({
  deviceId: text(),
  role: text(),
  token: text(),
  scopes: list(string()),
  rotatedAtMs: time(),
});
export type DeviceTokenRotateResult = Static<typeof DeviceTokenRotateResult>;

export const DeviceTokenRevokeResult = open({ deviceId: text(), role: text(), revokedAtMs: time() });
export type DeviceTokenRevokeResult = Static<typeof DeviceTokenRevokeResult>;

/** Payload of event `device.pair.resolved`. */
export const DevicePairResolved = open({
  requestId: text(),
  deviceId: text(),
  decision: oneOf(["approved", "rejected"]),
  ts: time(),
});
export type DevicePairResolved = Static<typeof DevicePairResolved>;
