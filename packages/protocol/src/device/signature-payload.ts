export interface SignaturePayload {
  deviceId: string;
  clientId: string;
  clientMode: string;
  role: string;
  /** In the order in which `connect` sends them. */
  scopes: readonly string[];
  /** Epoch ms, as `device.signedAt`. */
  signedAt: number;
  /** `auth.token` of the same request, never the password. */
  token?: string;
  /** From `connect.challenge`. Without it the payload is version 1, which only local connections may use. */
  nonce?: string;
}

/** The text that a device signs to connect. */
export function signaturePayload(input: SignaturePayload): string {
  const { deviceId, clientId, clientMode, role, scopes, signedAt, token = "", nonce } = input;
  const fields = [deviceId, clientId, clientMode, role, scopes.join(","), String(signedAt), token];
  return nonce === undefined ? ["v1", ...fields].join("|") : ["v2", ...fields, nonce].join("|");
}
