import { CLOSE, PROTOCOL_VERSION } from "../constants.ts";
import { GatewayError } from "../gateway-error.ts";
import type { ErrorShape } from "../schema/index.ts";
import { isRecord } from "./inbound.ts";

/** Turns the gateway's refusal of `connect` into an error that says what to do. */
export function refusalError(error: ErrorShape, closeCode?: number): GatewayError {
  const { message, details } = error;
  const [code, hint] = explain(error);
  return new GatewayError({
    code,
    message: `the gateway refused the connection: ${message}`,
    hint,
    closeCode,
    details: details === undefined ? { reason: message } : { reason: message, ...(isRecord(details) ? details : {}) },
    retryable: error.retryable,
    retryAfterMs: error.retryAfterMs,
  });
}

/** What a close code says that came during the handshake without an answer; undefined when it is no refusal. */
export function closeRefusal(closeCode: number, reason: string): ErrorShape | undefined {
  if (closeCode === CLOSE.protocolMismatch) return { code: "INVALID_REQUEST", message: "protocol mismatch" };
  if (closeCode === CLOSE.policy) return { code: "INVALID_REQUEST", message: reason || "no reason given" };
  return undefined;
}

/** Whether the refusal is about who connects, so that a stored device token may be the cause. */
export const blamesCredentials = (error: GatewayError): boolean =>
  error.code === "GATEWAY_AUTH_REFUSED" || error.code === "GATEWAY_PAIRING_REQUIRED";

function explain({ code, message, details }: ErrorShape): [code: string, hint: string] {
  if (code === "UNAVAILABLE") return ["UNAVAILABLE", "The gateway is busy or starting; try again in a moment."];
  if (message === "protocol mismatch") {
    const theirs = isRecord(details) ? details.expectedProtocol : undefined;
    const other = typeof theirs === "number" ? ` and the gateway ${theirs}` : "";
    return [
      "GATEWAY_PROTOCOL_MISMATCH",
      `This client speaks protocol ${PROTOCOL_VERSION}${other}; update the older side.`,
    ];
  }
  if (message === "pairing required") {
    const id = isRecord(details) && typeof details.requestId === "string" ? ` ${details.requestId}` : "";
    return ["GATEWAY_PAIRING_REQUIRED", `On the gateway's machine run: openclaw devices approve${id}`];
  }
  if (message.startsWith("unauthorized")) {
    return ["GATEWAY_AUTH_REFUSED", "Give the token or password that the gateway was configured with (gateway.auth)."];
  }
  if (message === "device identity required") {
    return ["GATEWAY_AUTH_REFUSED", "Give the gateway's token, or connect with a paired device."];
  }
  if (message === "device signature expired") {
    return [
      "GATEWAY_AUTH_REFUSED",
      "The clocks of this machine and the gateway differ by more than ten minutes; set them.",
    ];
  }
  if (message.startsWith("device ")) {
    return ["GATEWAY_AUTH_REFUSED", "The stored device identity is damaged or foreign; remove it to pair again."];
  }
  if (message.startsWith("origin not allowed") || message.startsWith("control ui requires")) {
    return ["GATEWAY_AUTH_REFUSED", "Open the page on the gateway's own address, or over HTTPS."];
  }
  return ["GATEWAY_REFUSED", "Check that client and gateway have the same version."];
}
