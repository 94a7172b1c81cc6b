import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Log, silentLog } from "@openclaw/core";
import { createFakeClock, type FakeClock } from "@openclaw/testkit";
import { deviceMethods, type DeviceStore, openDeviceStore } from "../../src/devices/index.ts";
import type { HttpOptions } from "../../src/http/index.ts";
import { createPresenceList, presenceMethods, type PresenceList } from "../../src/presence/index.ts";
import { createServer } from "../../src/server/create-server.ts";
import type { CreateServerOptions, ServerSettings } from "../../src/server/server-options.ts";
import type { GatewayServer, MethodHandler } from "../../src/server/types.ts";
import { type Connected, connectTo, type ConnectOptions } from "./connect.ts";

/** Not a secret: no gateway outside the tests knows it. */
export const TOKEN = "shared-token-of-the-tests";

export interface TestGateway {
  server: GatewayServer;
  clock: FakeClock;
  devices: DeviceStore;
  presence: PresenceList;
  /** Changes count from the next request on. */
  settings: ServerSettings;
  methods: Map<string, MethodHandler>;
  stateDir: string;
  wsUrl: string;
  httpUrl: string;
  /** With the shared token unless told otherwise. */
  connect(options?: ConnectOptions): Promise<Connected>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface TestGatewayOptions extends Partial<
  Pick<CreateServerOptions, "hosts" | "limits" | "whois" | "onConnect" | "onDisconnect">
> {
  settings?: Partial<ServerSettings>;
  http?: Partial<HttpOptions>;
  log?: Log;
}

const health = () => ({ ok: true });

/** A gateway on loopback with real sockets, a real state directory and a clock that stands still. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { log = silentLog, http, settings: changed, hosts = ["127.0.0.1"], ...rest } = options;
  const clock = createFakeClock();
  const stateDir = await mkdtemp(join(tmpdir(), "openclaw-server-"));
  const devices = await openDeviceStore({ stateDir, clock, log });
  const self = { host: "gateway-host", mode: "gateway", reason: "self", text: "Gateway" };
  const presence = createPresenceList({ clock, self });
  const settings: ServerSettings = { auth: { mode: "token", token: TOKEN }, ...changed };
  const methods = new Map<string, MethodHandler>([
    ...deviceMethods({ devices }),
    ...presenceMethods({ presence }),
    ["health", health],
  ]);
  const server = await createServer({
    ...rest,
    hosts,
    port: 0,
    clock,
    log,
    devices,
    presence,
    methods,
    settings: () => settings,
    version: "0.0.0-test",
    hostName: "gateway-host",
    snapshot: {
      health: () => ({}),
      healthVersion: () => 7,
      sessionDefaults: () => ({ defaultAgentId: "main", mainKey: "main", mainSessionKey: "agent:main:main" }),
      configPath: "/nowhere/openclaw.json",
      stateDir: "/nowhere",
    },
    http: { health, ...http },
  });
  const wsUrl = `ws://127.0.0.1:${server.port}`;

  return {
    server,
    clock,
    devices,
    presence,
    settings,
    methods,
    stateDir,
    wsUrl,
    httpUrl: `http://127.0.0.1:${server.port}`,
    connect: (connectOptions) => connectTo(wsUrl, clock.now(), { auth: { token: TOKEN }, ...connectOptions }),
    async [Symbol.asyncDispose]() {
      const closing = server.close("stopping");
      // Cuts the clients that do not answer the goodbye.
      await clock.advance(10_000);
      await closing;
      await devices.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
