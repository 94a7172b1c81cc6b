import { WebSocket as WsWebSocket } from "ws";
import { createFakeClock } from "@openclaw/testkit";
import { createGatewayClient, type GatewayClient, type GatewayClientOptions } from "../src/client/index.ts";
import { startTestGateway, type TestGateway } from "./test-gateway.ts";

/** Both sockets that clients run on: Node's and the browsers' global one, and `ws`. */
export const socketKinds: Array<{ kind: string; webSocket: GatewayClientOptions["webSocket"] }> = [
  { kind: "the global WebSocket", webSocket: undefined },
  { kind: "ws", webSocket: (url) => new WsWebSocket(url) },
];

export const clientInfo = { id: "cli", mode: "cli", version: "1", platform: "linux" } as const;

/** A client, a gateway to talk to and a clock that stands still; `dispose` ends both. */
export async function connectedPair(options: Partial<GatewayClientOptions> = {}) {
  const gateway = await startTestGateway();
  const clock = createFakeClock();
  const client = createGatewayClient({
    url: gateway.url,
    client: clientInfo,
    clock,
    random: () => 0,
    token: "shared-token",
    ...options,
  });
  return { gateway, clock, client, dispose: () => dispose(gateway, client) };
}

/** The next occurrence of an event, as its arguments. */
export const nextEvent = (client: GatewayClient, event: Parameters<GatewayClient["on"]>[0]) =>
  new Promise<unknown[]>((resolve) => {
    const off = client.on(event, (...args) => {
      off();
      resolve(args);
    });
  });

async function dispose(gateway: TestGateway, client: GatewayClient): Promise<void> {
  // The gateway first: a client on a clock that stands still waits for its goodbye.
  await gateway.close();
  await client.close();
}
