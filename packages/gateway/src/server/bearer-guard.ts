import type { Peer } from "../http/index.ts";
import { type AuthSettings, checkSharedSecret } from "./auth.ts";
import type { AuthThrottle } from "./auth-throttle.ts";

export interface BearerGuardOptions {
  throttle: AuthThrottle;
  auth(): AuthSettings;
}

/** Judges `Authorization: Bearer <shared token or password>`: undefined when it is right, else 401 or 429. */
export function createBearerGuard({ throttle, auth }: BearerGuardOptions) {
  return (request: Request, peer: Peer): Response | undefined => {
    const wait = peer.isLocal ? 0 : throttle.retryAfterMs(peer.clientIp);
    if (wait > 0) {
      const headers = { "retry-after": String(Math.ceil(wait / 1000)) };
      return Response.json(
        { error: { message: "Too many failed attempts", type: "rate_limited" } },
        { status: 429, headers },
      );
    }
    const secret = /^Bearer +(\S.*)$/i.exec(request.headers.get("authorization") ?? "")?.[1]?.trim();
    const result = checkSharedSecret({ token: secret, password: secret }, auth());
    if (result.ok) return undefined;
    if (!peer.isLocal && result.reason.endsWith("mismatch")) throttle.fail(peer.clientIp);
    const headers = { "www-authenticate": "Bearer" };
    return Response.json({ error: { message: "Unauthorized", type: "unauthorized" } }, { status: 401, headers });
  };
}
