import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ConfigIssue } from "@openclaw/core/config";
import type { MethodResult } from "@openclaw/protocol";
import type { GatewayClient } from "@openclaw/protocol/client";
import type { CommandContext } from "../../command-line/command.ts";
import type { GatewayOptions } from "../../connection/gateway-connection.ts";
import { loadInstallation } from "../../installation/installation.ts";
import { newestLog } from "../../installation/newest-log.ts";
import { version } from "../../version.ts";
import { factsData, type GatewayFacts, gatewayFacts } from "../gateway/gateway-facts.ts";

/** What a running gateway told. */
export interface Told {
  health: MethodResult<"health"> & { version?: string; uptimeMs?: number };
  status: Record<string, unknown>;
  presence: MethodResult<"system-presence">;
  channels: MethodResult<"channels.status">;
  lastHeartbeat?: unknown;
  devices?: MethodResult<"device.pair.list">;
}

export interface Overview {
  version: string;
  node: string;
  platform: string;
  gateway: GatewayFacts<Told>;
  config: {
    path: string;
    exists: boolean;
    valid: boolean;
    issues: ConfigIssue[];
    warnings: ConfigIssue[];
    rewrites: { from: string; to: string }[];
  };
  stateDir: string;
  /** Permission bits of the state directory, octal. */
  stateMode?: string;
  log?: string;
  /** From the files, when no gateway tells. */
  storedSessions: number;
  /** Names of the variables that change what openclaw does; never their values. */
  variables: string[];
}

const PROBE_MS = 8000;

export async function gatherOverview(
  options: GatewayOptions & { deep: boolean; all: boolean },
  context: CommandContext,
): Promise<Overview> {
  const installation = await loadInstallation(context);
  const { paths, loaded } = installation;
  const gateway = await gatewayFacts(options, context, installation, (client) => askAll(client, options));
  const log = newestLog(installation);
  const stateMode = modeOf(paths.stateDir);
  return {
    version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    gateway,
    config: {
      path: paths.configPath,
      exists: loaded.exists,
      valid: loaded.valid,
      issues: loaded.issues,
      warnings: loaded.warnings,
      rewrites: loaded.rewrites.map(({ from, to }) => ({ from, to })),
    },
    stateDir: paths.stateDir,
    ...(stateMode ? { stateMode } : {}),
    ...(log ? { log } : {}),
    storedSessions: countSessions(join(paths.stateDir, "agents")),
    variables: Object.keys(loaded.env)
      .filter((name) => name.startsWith("OPENCLAW_"))
      .toSorted(),
  };
}

/** The overview as `--json` prints it. */
export const overviewData = ({ gateway, ...rest }: Overview): Record<string, unknown> => ({
  ...rest,
  gateway: factsData(gateway),
  ...gateway.answer,
});

async function askAll(client: GatewayClient, { deep, all }: { deep: boolean; all: boolean }): Promise<Told> {
  const [health, status, presence, channels, lastHeartbeat, devices] = await Promise.all([
    client.request("health", deep ? { probe: true } : {}),
    client.request("status", {}),
    client.request("system-presence", {}),
    client.request("channels.status", { probe: deep, timeoutMs: PROBE_MS }, { timeoutMs: PROBE_MS + 5000 }),
    deep ? client.request("last-heartbeat", {}) : undefined,
    all ? client.request("device.pair.list", {}) : undefined,
  ]);
  return {
    health,
    status: status as Record<string, unknown>,
    presence,
    channels,
    ...(deep ? { lastHeartbeat } : {}),
    ...(devices ? { devices } : {}),
  };
}

function countSessions(agentsDir: string): number {
  let agents: string[];
  try {
    agents = readdirSync(agentsDir);
  } catch {
    return 0;
  }
  return agents.reduce((sum, agent) => {
    try {
      return (
        sum +
        Object.keys(JSON.parse(readFileSync(join(agentsDir, agent, "sessions", "sessions.json"), "utf8")) as object)
          .length
      );
    } catch {
      return sum;
    }
  }, 0);
}

function modeOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && (stat.mode & 0o777).toString(8);
}
