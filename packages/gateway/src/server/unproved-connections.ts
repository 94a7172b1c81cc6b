import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "@openclaw/core";
import { normalizeAddress } from "../http/index.ts";
import { createAdmission } from "./admission.ts";
import type { ServerLimits } from "./server-options.ts";

/** Keeps count of connections that have not proved anything, on all listeners together. */
export interface UnprovedConnections {
  watch(server: Server): void;
  /** An upgraded connection, now known by its client's address, keeps a place until the returned function is called. */
  holdUpgraded(stream: Duplex, clientIp: string): () => void;
}

/**
 * A TCP connection holds a place from the accept until its request has come in completely, and again while it idles
 * between requests. Answering takes none: what a handler streams is up to the handler.
 */
export function createUnprovedConnections(clock: Clock, limits: ServerLimits): UnprovedConnections {
  const admission = createAdmission({ maxTotal: limits.maxUnproved, maxPerAddress: limits.maxUnprovedPerAddress });
  const places = new WeakMap<Duplex, () => void>();
  /** Cancels the wait for a connection's first request. */
  const deadlines = new WeakMap<Duplex, () => void>();

  function hold(stream: Duplex, address: string): void {
    release(stream);
    if (stream.destroyed) return;
    places.set(stream, admission.admit({ address, evict: () => stream.destroy() }));
  }

  function release(stream: Duplex): void {
    places.get(stream)?.();
    places.delete(stream);
  }

  function onConnection(socket: Socket): void {
    const address = normalizeAddress(socket.remoteAddress);
    hold(socket, address);
    // Node looks at its own header timeout only now and then; silence from the start ends exactly here.
    const cancel = clock.after(limits.handshakeTimeoutMs, () => socket.destroy());
    deadlines.set(socket, cancel);
    socket.once("close", () => {
      cancel();
      release(socket);
    });
  }

  function onRequest(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { socket, headers } = incoming;
    deadlines.get(socket)?.();
    const onBodyEnd = () => release(socket);
    const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
    if (hasBody) incoming.once("end", onBodyEnd);
    else onBodyEnd();
    outgoing.once("finish", () => {
      incoming.off("end", onBodyEnd);
      hold(socket, normalizeAddress(socket.remoteAddress));
    });
  }

  return {
    watch(server) {
      server.on("connection", onConnection);
      server.prependListener("request", onRequest);
    },
    holdUpgraded(stream, clientIp) {
      deadlines.get(stream)?.();
      hold(stream, clientIp);
      return () => release(stream);
    },
  };
}
