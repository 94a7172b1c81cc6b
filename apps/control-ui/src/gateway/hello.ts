import type { GatewayClient } from "@openclaw/protocol/client";
import type { Hello } from "./link.ts";

/** What the page keeps of `hello-ok`. `now` is when it arrived, epoch ms. */
export function readHello(hello: NonNullable<GatewayClient["hello"]>, now: number): Hello {
  const { server, snapshot, policy } = hello;
  return {
    serverVersion: server.version,
    host: server.host,
    uptimeMs: snapshot.uptimeMs,
    receivedAt: now,
    maxPayload: policy.maxPayload,
    mainSessionKey: snapshot.sessionDefaults?.mainSessionKey ?? "agent:main:main",
    defaultAgentId: snapshot.sessionDefaults?.defaultAgentId ?? "main",
  };
}
