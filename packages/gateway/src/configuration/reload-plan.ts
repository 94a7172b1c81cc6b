import { isDeepStrictEqual } from "node:util";
import type { OpenClawConfig } from "@openclaw/core/config";

/** What a change of the configuration asks of a running gateway. */
export interface ReloadPlan {
  /** Changed top-level sections that are read anew or whose part is restarted alone. */
  live: string[];
  /** Changed sections that only a restart of the whole gateway brings in. */
  restart: string[];
  /** Channels whose section changed: they are closed and opened again. */
  channels: string[];
}

/**
 * Seed 003's matrix. `agent`, `routing` and `identity` there are old spellings of what stands under `agents`, `bindings`,
 * `broadcast`, `tools`, `commands` and `auth` today. Whatever is not named here restarts, to be safe.
 */
const live = new Set([
  "$schema",
  "meta",
  "wizard",
  "ui",
  "talk",
  "logging",
  "agents",
  "bindings",
  "broadcast",
  "tools",
  "commands",
  "auth",
  "models",
  "approvals",
  "memory",
  "messages",
  "session",
  "skills",
  "channels",
  "web",
  "hooks",
  "browser",
  "cron",
]);
/** Parts of `gateway` that nothing running depends on. */
const harmlessGatewayKeys = new Set(["reload", "remote"]);

export function planReload(before: OpenClawConfig, after: OpenClawConfig): ReloadPlan {
  const plan: ReloadPlan = { live: [], restart: [], channels: [] };
  for (const section of changedKeys(before, after)) {
    if (section === "gateway") {
      const keys = changedKeys(before.gateway, after.gateway);
      (keys.every((key) => harmlessGatewayKeys.has(key)) ? plan.live : plan.restart).push(section);
    } else (live.has(section) ? plan.live : plan.restart).push(section);
  }
  if (plan.live.includes("channels")) {
    plan.channels = changedKeys(before.channels, after.channels).filter((id) => id !== "defaults");
  }
  return plan;
}

function changedKeys(before: unknown, after: unknown): string[] {
  const one = (before ?? {}) as Record<string, unknown>;
  const other = (after ?? {}) as Record<string, unknown>;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((key) => !isDeepStrictEqual(one[key], other[key]))
    .toSorted();
}
