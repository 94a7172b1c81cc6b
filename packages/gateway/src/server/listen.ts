import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { OpenClawError, type Log } from "@openclaw/core";
import { portHolder } from "../installation/port-holder.ts";

export interface ListenOptions {
  hosts: readonly string[];
  port: number;
  /** Before the headers of the first request are complete, in ms. */
  headersTimeoutMs: number;
  log: Log;
}

export interface Listeners {
  servers: readonly Server[];
  port: number;
  urls: readonly string[];
}

/**
 * One HTTP server per address, all on one port. Rejects with `GATEWAY_PORT_IN_USE`, `GATEWAY_PORT_FORBIDDEN` or
 * `GATEWAY_LISTEN_FAILED`, and leaves nothing open then.
 */
export async function listen({ hosts, port, headersTimeoutMs, log }: ListenOptions): Promise<Listeners> {
  const servers: Server[] = [];
  const urls: string[] = [];
  let chosen = port;
  try {
    for (const host of hosts) {
      const server = createServer({
        // Finds out about peers that vanished without a goodbye.
        keepAlive: true,
        keepAliveInitialDelay: 30_000,
        headersTimeout: headersTimeoutMs,
        requestTimeout: 120_000,
        keepAliveTimeout: 5_000,
      });
      try {
        await listenOn(server, host, chosen);
      } catch (error) {
        if (servers.length === 0 || !isMissingAddress(error)) throw error;
        log.warn("address does not exist on this machine; not listening on it", { host, port: chosen });
        continue;
      }
      chosen = (server.address() as AddressInfo).port;
      servers.push(server);
      urls.push(`http://${host.includes(":") ? `[${host}]` : host}:${chosen}`);
    }
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  return { servers, port: chosen, urls };
}

async function listenOn(server: Server, host: string, port: number): Promise<void> {
  server.listen({ host, port, backlog: 1024 });
  try {
    await once(server, "listening");
  } catch (error) {
    throw await describeListenError(error as NodeJS.ErrnoException, host, port);
  }
}

function isMissingAddress(error: unknown): boolean {
  return OpenClawError.is(error) && error.details?.cause === "EADDRNOTAVAIL";
}

async function describeListenError(error: NodeJS.ErrnoException, host: string, port: number): Promise<Error> {
  const details = { host, port, cause: error.code };
  if (error.code === "EADDRINUSE") {
    const { pid, name } = (await portHolder(port)) ?? {};
    return new OpenClawError({
      code: "GATEWAY_PORT_IN_USE",
      message: `Port ${port} on ${host} is in use by ${pid ? `${name ?? "a process"} (pid ${pid})` : "another program"}.`,
      hint: "Stop that program, or choose another port with --port.",
      details: { ...details, ...(pid ? { pid, name } : {}) },
      cause: error,
    });
  }
  if (error.code === "EACCES") {
    return new OpenClawError({
      code: "GATEWAY_PORT_FORBIDDEN",
      message: `Port ${port} on ${host} may not be used by this user.`,
      hint: "Choose a port above 1023 with --port.",
      details,
      cause: error,
    });
  }
  return new OpenClawError({
    code: "GATEWAY_LISTEN_FAILED",
    message: `Cannot listen on ${host}:${port} (${error.code ?? error.message}).`,
    hint: "Check gateway.bind and gateway.port.",
    details,
    cause: error,
  });
}
