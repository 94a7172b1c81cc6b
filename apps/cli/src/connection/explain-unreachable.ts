import { connect } from "node:net";
import { OpenClawError } from "@openclaw/core";
import type { LoadedConfig } from "@openclaw/core/config";
import type { CommandContext } from "../command-line/command.ts";
import { commandPrefix } from "../command-line/command-prefix.ts";
import type { GatewayAddress } from "./gateway-address.ts";

const ASK_MS = 1500;

export interface UnreachableFacts {
  address: Pick<GatewayAddress, "url" | "local">;
  context: Pick<CommandContext, "profile" | "dev">;
  loaded: Pick<LoadedConfig, "valid" | "issues" | "path">;
}

/** Says in a person's words why nothing was reached; one plain TCP connection tells a dead port from a foreign program. */
export async function explainUnreachable(
  error: OpenClawError,
  { address, context, loaded }: UnreachableFacts,
): Promise<OpenClawError> {
  const { hostname, port, protocol, host } = new URL(address.url);
  const cause = await tcpFailure(hostname.replace(/^\[|\]$/g, ""), Number(port) || (protocol === "wss:" ? 443 : 80));
  const where = `${protocol}//${host}`;
  const openclaw = commandPrefix(context);
  const hints = [
    ...(address.local
      ? [`Start it with: ${openclaw} gateway`]
      : ["Check the address, and that the gateway there runs and can be reached from here."]),
    ...(loaded.valid
      ? []
      : [
          `${loaded.path} has ${loaded.issues.length} problem${loaded.issues.length === 1 ? "" : "s"}, so the address may be wrong: ${openclaw} config validate`,
        ]),
  ];
  return new OpenClawError({
    code: error.code,
    message:
      {
        ECONNREFUSED: `No gateway is running at ${where}.`,
        ENOTFOUND: `The name ${hostname} is not known, so the gateway at ${where} cannot be reached.`,
        ETIMEDOUT: `Nothing answers at ${where}.`,
      }[cause ?? ""] ??
      (cause
        ? `The gateway at ${where} cannot be reached (${cause}).`
        : `Something answers at ${where}, but it is not an OpenClaw gateway.`),
    hint: hints.join("\n"),
    details: { url: where, ...(cause ? { cause } : {}) },
    cause: error,
  });
}

/** Why a TCP connection fails, as the system calls it; undefined when it does not. */
function tcpFailure(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ASK_MS });
    const done = (cause?: string) => {
      socket.destroy();
      resolve(cause);
    };
    socket.once("connect", () => done());
    socket.once("timeout", () => done("ETIMEDOUT"));
    socket.once("error", (failure: NodeJS.ErrnoException) => done(failure.code ?? failure.message));
  });
}
