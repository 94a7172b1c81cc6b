/** One token of a paired device; `S/devices/paired.json` keeps it under its role. */
export interface DeviceToken {
  /** 32 hex characters. */
  token: string;
  role: string;
  /** Sorted. */
  scopes: string[];
  createdAtMs: number;
  rotatedAtMs?: number;
  revokedAtMs?: number;
  lastUsedAtMs?: number;
}

/** What a device tells about itself when it connects. */
export interface DeviceDescription {
  deviceId: string;
  /** Raw Ed25519 key, base64url. */
  publicKey: string;
  displayName?: string;
  platform?: string;
  clientId?: string;
  clientMode?: string;
}

export interface PairedDevice extends DeviceDescription {
  role: string;
  roles: string[];
  scopes?: string[];
  tokens: Record<string, DeviceToken>;
  createdAtMs: number;
  approvedAtMs: number;
}

export interface PairingRequest extends DeviceDescription {
  requestId: string;
  role: string;
  roles: string[];
  scopes: string[];
  remoteIp?: string;
  /** Approved without asking anybody, because the device is on this machine. */
  silent: boolean;
  /** The device is paired already and asks for more, or comes with another key. */
  isRepair: boolean;
  ts: number;
}

/** A paired device as clients may see it: the tokens' secrets are left out. */
export interface PairedDeviceView extends Omit<PairedDevice, "tokens"> {
  tokens: Omit<DeviceToken, "token">[];
}

export type DeviceEvent =
  | { type: "requested"; request: PairingRequest }
  | { type: "resolved"; requestId: string; deviceId: string; decision: "approved" | "rejected"; ts: number }
  /** Sockets of this device (and role, when given) must be closed now. */
  | { type: "revoked"; deviceId: string; role?: string; reason: string };
