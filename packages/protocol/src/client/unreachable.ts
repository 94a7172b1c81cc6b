import { GatewayError } from "../gateway-error.ts";
import { isRecord } from "./inbound.ts";

/** A socket that never got as far as a handshake. `failure` is whatever the WebSocket implementation told about it. */
export function unreachableError(gateway: string, failure: unknown, closeCode?: number): GatewayError {
  const why = reasonOf(failure);
  return new GatewayError({
    code: "GATEWAY_UNREACHABLE",
    message: `cannot reach a gateway at ${gateway}${why === undefined ? "" : ` (${why})`}`,
    hint: "Start it with: openclaw gateway run. If it runs elsewhere, check the address and the port.",
    closeCode,
    retryable: true,
  });
}

/** `ECONNREFUSED` and the like where there is one (`ws`, Node), else the text of the event; browsers tell nothing. */
function reasonOf(failure: unknown): string | undefined {
  if (!isRecord(failure)) return undefined;
  if (typeof failure.code === "string" && failure.code !== "") return failure.code;
  const inner = reasonOf(failure.error) ?? reasonOf(failure.cause);
  if (inner !== undefined) return inner;
  return typeof failure.message === "string" && failure.message !== "" ? failure.message : undefined;
}
