import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type GatewayClient, createGatewayClient } from "@openclaw/protocol/client";
import {
  type GatewayProcess,
  type GatewayProcessOptions,
  startGatewayProcess,
} from "@openclaw/testkit/gateway-process";

const bin = fileURLToPath(new URL("../src/bin.ts", import.meta.url));

/** The command line, run from its sources. */
export const command = [
  process.execPath,
  "--conditions=@openclaw/source",
  "--disable-warning=ExperimentalWarning",
  bin,
];

/** Compiled sources are kept between processes; each has a temporary directory of its own otherwise. */
export const compileCache = { NODE_COMPILE_CACHE: join(tmpdir(), "openclaw-e2e-compile-cache") };

export const startGateway = ({
  env,
  ...options
}: Omit<GatewayProcessOptions, "command"> = {}): Promise<GatewayProcess> =>
  startGatewayProcess({ command, env: { ...compileCache, ...env }, ...options });

/** A connected operator of a running gateway. Close it before the gateway. */
export async function connect({ port, token }: GatewayProcess): Promise<GatewayClient> {
  const client = createGatewayClient({
    url: `ws://127.0.0.1:${port}`,
    token,
    client: { id: "test", mode: "test", version: "0", platform: "test" },
    caps: ["tool-events"],
  });
  await client.connect();
  return client;
}
