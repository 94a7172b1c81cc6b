import type { IncomingMessage } from "node:http";
import { hostname } from "node:os";
import type { Duplex } from "node:stream";
import { HANDSHAKE_TIMEOUT_MS, SERVER_POLICY } from "@openclaw/protocol";
import { WebSocketServer } from "ws";
import { createHttpHandler, type HostPolicy, isHostAllowed, judgePeer, type Peer } from "../http/index.ts";
import { checkSharedSecret } from "./auth.ts";
import { createAuthThrottle } from "./auth-throttle.ts";
import { createBearerGuard } from "./bearer-guard.ts";
import { type Connection, type ConnectionDependencies, serveConnection } from "./connection.ts";
import { createEventHub, type HubMember } from "./event-hub.ts";
import { buildHello } from "./hello.ts";
import { listen } from "./listen.ts";
import { presenceOf } from "./presence-of-client.ts";
import type { CreateServerOptions, ServerLimits } from "./server-options.ts";
import type { GatewayServer } from "./types.ts";
import { createUnprovedConnections } from "./unproved-connections.ts";
import { endWithForbidden, refuseUpgrade } from "./upgrade.ts";

const DEFAULT_LIMITS: ServerLimits = {
  ...SERVER_POLICY,
  maxUnproved: 512,
  maxUnprovedPerAddress: 256,
  maxBytesBeforeHello: 64 * 1024,
  handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS,
  closeGraceMs: 5_000,
};

/** How long clients have to acknowledge the goodbye when the gateway stops. */
const STOP_GRACE_MS = 1_000;
/** Announced in `shutdown`: clients try again after this time. */
const RESTART_EXPECTED_MS = 1_500;

/**
 * Listens for WebSocket and HTTP on one port. Resolves when it listens; rejects with an `OpenClawError` that names the
 * address and port when it cannot (see `listen`). Methods and routes may be added afterwards.
 */
export async function createServer(options: CreateServerOptions): Promise<GatewayServer> {
  const { clock, log, hosts, devices, presence, snapshot, settings, hostName = hostname() } = options;
  const limits: ServerLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const startedAtMs = clock.now();
  const throttle = createAuthThrottle(clock);
  const unproved = createUnprovedConnections(clock, limits);
  const connections = new Set<Connection>();
  const members = new Map<string, { member: HubMember; connection: Connection }>();
  const stateVersion = () => ({ presence: presence.version, health: snapshot.healthVersion() });
  let closing: Promise<void> | undefined;

  const { servers, port, urls } = await listen({
    hosts,
    port: options.port,
    headersTimeoutMs: limits.handshakeTimeoutMs,
    log,
  });
  const hub = createEventHub({ clock, tickIntervalMs: limits.tickIntervalMs, stateVersion });
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.maxPayload,
    perMessageDeflate: false,
    clientTracking: false,
  });

  const connectionDependencies: ConnectionDependencies = {
    ...options,
    limits,
    throttle,
    bindHosts: hosts,
    welcome(success, writer, connection) {
      const update = presenceOf(success.client);
      if (update) presence.join(update);
      const member = { client: success.client, writer };
      members.set(success.client.connId, { member, connection });
      hub.join(member);
      return buildHello(success, { ...options, hostName, limits, startedAtMs });
    },
    onWelcomed: (client) => options.onConnect?.(client),
    onGone(client) {
      members.delete(client.connId);
      hub.leave(client.connId);
      const update = presenceOf(client);
      if (update) presence.leave(update);
      options.onDisconnect?.(client);
    },
  };

  const judge = (incoming: IncomingMessage): Peer =>
    judgePeer({ remoteAddress: incoming.socket.remoteAddress, headers: incoming.headers }, settings());
  const hostPolicy = (): HostPolicy => ({ ...settings(), bindHosts: hosts });

  function onUpgrade(incoming: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on("error", (error) => log.debug("upgrade failed", { error: String(error) }));
    if (closing) {
      stream.destroy();
      return;
    }
    const peer = judge(incoming);
    const refusal = refuseUpgrade(incoming, peer, hostPolicy());
    if (refusal !== undefined) {
      log.info("upgrade refused", {
        ip: peer.clientIp,
        reason: refusal,
        origin: incoming.headers.origin?.slice(0, 200),
      });
      endWithForbidden(stream, refusal);
      return;
    }
    const onProved = unproved.holdUpgraded(stream, peer.clientIp);
    webSockets.handleUpgrade(incoming, stream, head, (socket) => {
      const { headers } = incoming;
      const connection = serveConnection({ socket, stream, headers, peer, onProved }, connectionDependencies);
      connections.add(connection);
      socket.once("close", () => connections.delete(connection));
    });
  }

  const onRequest = createHttpHandler({
    http: options.http,
    tools: { refuseUnauthorized: createBearerGuard({ throttle, auth: () => settings().auth }) },
    clock,
    log,
    judge,
    isHostAllowed: (peer) => isHostAllowed(peer, hostPolicy()),
  });
  for (const server of servers) {
    server.on("request", onRequest);
    server.on("upgrade", onUpgrade);
    unproved.watch(server);
  }

  const unsubscribe = [
    presence.subscribe(() => hub.broadcast("presence", { presence: presence.list() })),
    devices.subscribe((event) => {
      if (event.type === "revoked") expelDevice(event.deviceId, event.role, event.reason);
      else if (event.type === "requested") hub.broadcast("device.pair.requested", event.request);
      else {
        const { type: _type, ...resolved } = event;
        hub.broadcast("device.pair.resolved", resolved);
      }
    }),
  ];

  function expelDevice(deviceId: string, role: string | undefined, reason: string): void {
    for (const { member, connection } of members.values()) {
      const { client } = member;
      if (client.deviceId === deviceId && (role === undefined || client.role === role)) connection.expel(reason);
    }
  }

  async function stop(reason: "stopping" | "restarting"): Promise<void> {
    hub.broadcast("shutdown", {
      reason: `gateway ${reason}`,
      restartExpectedMs: reason === "restarting" ? RESTART_EXPECTED_MS : null,
    });
    hub.stop();
    for (const off of unsubscribe) off();
    const greeted = new Set([...members.values()].map(({ connection }) => connection));
    for (const connection of connections) {
      if (greeted.has(connection)) connection.shut(1012, "service restart", STOP_GRACE_MS);
      else connection.cut();
    }
    const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const server of servers) server.closeIdleConnections();
    const cancel = clock.after(STOP_GRACE_MS, () => {
      for (const server of servers) server.closeAllConnections();
    });
    await Promise.all(closed);
    cancel();
  }

  return {
    port,
    urls,
    broadcast: hub.broadcast,
    sendTo: hub.sendTo,
    clients: () => [...members.values()].map(({ member }) => member.client),
    disconnectDevice: (deviceId, role) => expelDevice(deviceId, role, "device access removed"),
    dropStaleCredentials() {
      const { auth } = settings();
      for (const { connection } of members.values()) {
        if (connection.credentials && !checkSharedSecret(connection.credentials, auth).ok) {
          connection.expel("gateway credentials changed");
        }
      }
    },
    close(reason) {
      closing ??= stop(reason);
      return closing;
    },
  };
}
