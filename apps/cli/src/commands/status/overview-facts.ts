import type { Fact } from "../../output/facts.ts";
import { shortPath } from "../../output/short-path.ts";
import type { Terminal } from "../../output/terminal.ts";
import { duration, when } from "../../output/time.ts";
import { describeGateway } from "../gateway/gateway-facts.ts";
import type { Overview, Told } from "./gather.ts";

interface StatusSummary {
  queuedSystemEvents?: string[];
  sessions?: {
    count: number;
    defaults?: { model?: string | null };
    recent?: { key: string; updatedAt?: number | null; model?: string }[];
  };
}

/** The short form: a line for each thing that can be well or not. */
export function overviewFacts(overview: Overview, terminal: Pick<Terminal, "interactive" | "style">): Fact[] {
  const { gateway, config, storedSessions } = overview;
  const told = gateway.answer;
  const degraded = told ? degradedProblems(told.health) : [];
  return [
    ["OpenClaw", `${overview.version}, Node ${overview.node}, ${overview.platform}`],
    ["Gateway", `${describeGateway(gateway)}${told ? `, up ${duration(told.health.uptimeMs ?? 0)}` : ""}`],
    ["Config", `${shortPath(config.path)}, ${describeConfig(config)}`],
    [
      "Degraded",
      degraded.length > 0 ? `the gateway runs with the last good configuration:\n${degraded.join("\n")}` : undefined,
    ],
    ...(told ? toldFacts(told, terminal) : ([["Sessions", `${storedSessions} stored`]] satisfies Fact[])),
  ];
}

function toldFacts({ status, channels, presence }: Told, terminal: Pick<Terminal, "interactive">): Fact[] {
  const { sessions, queuedSystemEvents = [] } = status as StatusSummary;
  const latest = sessions?.recent?.[0];
  const clients = presence.filter(({ mode }) => mode !== "gateway").length;
  const accounts = Object.entries(channels.channelAccounts).flatMap(([channel, rows]) =>
    rows.map(({ accountId, enabled, configured, connected, lastError, probe, ...rest }) => {
      const { identity } = rest as { identity?: string };
      const probed = probe as { ok?: boolean; error?: string; elapsedMs?: number } | undefined;
      const state =
        enabled === false
          ? "off"
          : configured === false
            ? "not configured"
            : connected
              ? `connected${identity ? ` as ${identity}` : ""}`
              : `not connected: ${lastError ?? "starting"}`;
      const answer =
        probed === undefined
          ? ""
          : probed.ok
            ? `, answers in ${probed.elapsedMs ?? 0} ms`
            : `, does not answer: ${probed.error ?? "no reason given"}`;
      return `${channel}/${accountId} ${state}${answer}`;
    }),
  );
  return [
    ["Model", sessions?.defaults?.model ?? "chosen when somebody asks"],
    ["Channels", accounts.join("\n") || "none"],
    [
      "Sessions",
      `${sessions?.count ?? 0}${latest ? `; latest ${latest.key}, ${when(latest.updatedAt, terminal) ?? "never"}` : ""}`,
    ],
    ["Events", queuedSystemEvents.length === 0 ? undefined : `${queuedSystemEvents.length} waiting`],
    ["Connected", `${clients} ${clients === 1 ? "client" : "clients"}, this command included`],
  ];
}

/** What the gateway says when the file is not what it runs with. */
function degradedProblems(health: unknown): string[] {
  const { config } = health as { config?: { state?: string; problems?: string[] } };
  return config?.state === "degraded" ? (config.problems ?? []) : [];
}

function describeConfig({ exists, valid, issues, rewrites }: Overview["config"]): string {
  if (!exists) return "not there yet: openclaw setup makes one";
  if (!valid) return `${issues.length} ${issues.length === 1 ? "problem" : "problems"}`;
  return rewrites.length === 0
    ? "valid"
    : `valid, ${rewrites.length} old ${rewrites.length === 1 ? "spelling" : "spellings"}`;
}
