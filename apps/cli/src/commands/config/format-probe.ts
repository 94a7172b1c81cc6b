import type { Probe } from "@openclaw/gateway/doctor";
import type { Terminal } from "../../output/terminal.ts";
import { formatCheck } from "../doctor/format-report.ts";

export interface ProbeView {
  /** The file that was tried. */
  name: string;
  /** A gateway runs that would take it over. */
  running: boolean;
  terminal: Pick<Terminal, "style">;
}

/** The trial of a configuration, for people. */
export function formatProbe(probe: Probe, { name, running, terminal }: ProbeView): string {
  const verdict = probe.bootable ? "a gateway starts with it" : "valid, but a gateway does not start with it";
  return [
    `${name}: ${verdict}`,
    ...probe.checks.map((check) => formatCheck(check, terminal)),
    "",
    describeEffect(probe, running),
    "Nothing was changed.",
  ].join("\n");
}

function describeEffect({ plan, effect }: Probe, running: boolean): string {
  const { live, restart, channels } = plan;
  if (effect === "nothing") return "It says the same as the configuration in force.";
  const sections = [
    ...(live.length > 0
      ? [
          `Read anew while it runs: ${live.join(", ")}${channels.length > 0 ? ` (closed and opened again: ${channels.join(", ")})` : ""}`,
        ]
      : []),
    ...(restart.length > 0 ? [`Needs a restart: ${restart.join(", ")}`] : []),
  ];
  const outcome = {
    reload: "The gateway takes all of it up without a restart.",
    restart: "The gateway finishes what it is doing and restarts in the same process.",
    later: "gateway.reload.mode leaves the restart to you: openclaw gateway restart",
  }[effect];
  return [...sections, running ? outcome : "No gateway runs here; the next one starts with it."].join("\n");
}

/** The same as `--json` prints it. */
export const probeData = ({ bootable, checks, plan, effect }: Probe) => ({
  bootable,
  effect,
  live: plan.live,
  restarts: plan.restart,
  channels: plan.channels,
  checks,
});
