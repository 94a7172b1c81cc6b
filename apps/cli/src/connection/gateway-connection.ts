import { randomUUID } from "node:crypto";
import { OpenClawError } from "@openclaw/core";
import { type GatewayClient, createGatewayClient } from "@openclaw/protocol/client";
import { WebSocket } from "ws";
import type { CommandContext } from "../command-line/command.ts";
import { type Installation, loadInstallation } from "../installation/installation.ts";
import { version } from "../version.ts";
import { fileTokenStore, loadDeviceIdentity } from "./device-files.ts";
import { type GatewayAddress, type GatewayOptions, gatewayAddress } from "./gateway-address.ts";

export type { GatewayOptions } from "./gateway-address.ts";

export interface ConnectOptions {
  /** `probe` is how `status` looks in without counting as an operator at work. */
  mode?: "cli" | "probe";
  scopes?: readonly string[];
  caps?: readonly string[];
  /** Handshake bound, ms. */
  connectTimeoutMs?: number;
  /** The configuration, where the command has it already. */
  installation?: Installation;
}

const SCOPES = ["operator.admin", "operator.approvals", "operator.pairing"];

export const addressOf = (
  options: GatewayOptions,
  context: CommandContext,
  { paths, loaded }: Installation,
): GatewayAddress =>
  gatewayAddress(options, {
    gateway: loaded.authored.gateway,
    env: loaded.env,
    processEnv: context.env,
    defaultPort: paths.defaultPort,
  });

/** Connects, lets `work` use the client and closes it again. One connection for each command. */
export async function withGateway<T>(
  options: GatewayOptions,
  context: CommandContext,
  work: (client: GatewayClient, address: GatewayAddress) => Promise<T>,
  { mode = "cli", scopes = SCOPES, caps = [], connectTimeoutMs, installation }: ConnectOptions = {},
): Promise<T> {
  const { paths, loaded } = installation ?? (await loadInstallation(context, { validate: false }));
  const address = addressOf(options, context, { paths, loaded });
  const { url, token, password, allowInsecure } = address;
  // A credential given by hand is the one that is meant; else a token this device was given goes first.
  const given = options.token !== undefined || options.password !== undefined;
  let client: GatewayClient | undefined;
  try {
    client = createGatewayClient({
      url,
      token,
      password,
      allowInsecure,
      client: { id: "cli", mode, version, platform: process.platform, instanceId: randomUUID() },
      scopes,
      caps,
      identity: await loadDeviceIdentity(paths.identityDir),
      tokenStore: given ? undefined : fileTokenStore(paths.identityDir, address),
      reconnect: false,
      // Starts in half the time of the one built into Node, which brings all of fetch along.
      webSocket: (to) => new WebSocket(to, { perMessageDeflate: false }),
      ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    });
    await client.connect();
    return await work(client, address);
  } catch (error) {
    if (!OpenClawError.is(error)) throw error;
    if (error.code === "GATEWAY_UNREACHABLE") {
      const { explainUnreachable } = await import("./explain-unreachable.ts");
      throw await explainUnreachable(error, {
        address,
        context,
        loaded: installation?.loaded ?? (await loadInstallation(context)).loaded,
      });
    }
    throw error.code === "GATEWAY_INSECURE_URL" ? insecure(error, url) : error;
  } finally {
    await client?.close();
  }
}

const insecure = ({ code, message }: OpenClawError, url: string) =>
  new OpenClawError({
    code,
    message: `${message[0]?.toUpperCase()}${message.slice(1)}.`,
    hint: `Use wss://, or a tunnel: ssh -N -L 18789:127.0.0.1:${new URL(url).port} user@${new URL(url).hostname}, then --url ws://127.0.0.1:18789`,
  });
