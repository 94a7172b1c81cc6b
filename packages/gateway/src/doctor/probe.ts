import { applyDefaults, type LoadedConfig, type OpenClawConfig } from "@openclaw/core/config";
import { planReload, type ReloadPlan } from "../configuration/reload-plan.ts";
import { channelAccounts } from "./checks/channel-accounts.ts";
import { gatewayAuth } from "./checks/gateway-auth.ts";
import { gatewayMode } from "./checks/gateway-mode.ts";
import { gatewayPort } from "./checks/gateway-port.ts";
import { models } from "./checks/models.ts";
import { type DoctorOptions, readContext } from "./context.ts";
import { type CheckReport, reportOf } from "./run-doctor.ts";

export interface ProbeOptions extends DoctorOptions {
  /** The configuration to try; must be valid. */
  next: LoadedConfig;
  /** What runs now, for the comparison. Default: the file, else the last known good configuration, else the defaults. */
  current?: OpenClawConfig;
}

export interface Probe {
  /** Nothing would keep a gateway from starting. A channel or model that does not work is no such thing. */
  bootable: boolean;
  checks: CheckReport[];
  /** What a running gateway would do about the change. */
  plan: ReloadPlan;
  /** `nothing`: no difference. `reload`: all of it live. `restart`: the gateway starts anew. `later`: its mode leaves that to a person. */
  effect: "nothing" | "reload" | "restart" | "later";
}

/** A gateway without these does not start. */
const vital = [gatewayMode, gatewayAuth, gatewayPort];

/**
 * Boots the parts of a configuration one by one, without taking it over: mode, credentials, addresses and port, channel
 * accounts, models. Asks nothing of the network, and writes nothing.
 */
export async function probeConfiguration({ next, current, ...options }: ProbeOptions): Promise<Probe> {
  const context = await readContext(options);
  const trial = {
    ...context,
    loaded: { ...next, exists: true },
    config: next.config,
    env: { ...next.env, OPENCLAW_SKIP_LOCAL_MODELS: "1" },
  };
  const checks: CheckReport[] = [];
  for (const check of [...vital, channelAccounts, models]) checks.push(await reportOf(check, trial));
  const before = current ?? context.config ?? applyDefaults({});
  const plan = planReload(before, next.config);
  const failed = checks
    .slice(0, vital.length)
    .some(({ findings }) => findings.some(({ severity }) => severity === "error"));
  return { bootable: !failed, checks, plan, effect: effectOf(plan, before) };
}

/** As `followConfiguration` decides it. */
function effectOf({ live, restart }: ReloadPlan, before: OpenClawConfig): Probe["effect"] {
  const mode = before.gateway?.reload?.mode ?? "hybrid";
  if (live.length + restart.length === 0) return "nothing";
  if (mode === "off") return "later";
  if (mode === "restart") return "restart";
  if (restart.length === 0) return "reload";
  return mode === "hybrid" ? "restart" : "later";
}
