import { formatIssue } from "@openclaw/core/config";
import { tailFile } from "@openclaw/gateway/installation";
import type { CommandContext } from "../../command-line/command.ts";
import { formatLogLine } from "../../output/log-line.ts";
import { shortPath } from "../../output/short-path.ts";
import { formatTable } from "../../output/table.ts";
import { when } from "../../output/time.ts";
import type { Overview } from "./gather.ts";

const LOG_LINES = 20;
const LOG_BYTES = 100_000;

/** The long part of `status --all`. The log is masked when it is written, so nothing here is secret. */
export async function everything(
  { config, gateway, stateDir, stateMode, log, variables }: Overview,
  { terminal }: CommandContext,
): Promise<string> {
  const told = gateway.answer;
  const lines = log ? (await tailFile(log, { limit: LOG_LINES, maxBytes: LOG_BYTES })).lines : [];
  const parts: [title: string, body: string][] = [
    [
      "State",
      `${shortPath(stateDir)}${stateMode ? `, mode ${stateMode}${stateMode === "700" ? "" : " (700 would keep others out)"}` : ", not there yet"}`,
    ],
    [
      "Configuration",
      [...config.issues, ...config.warnings].map(formatIssue).join("\n") || "nothing to complain about",
    ],
    ["Old spellings", config.rewrites.map(({ from, to }) => `${from} is now ${to || "without meaning"}`).join("\n")],
    ["Variables", variables.join(", ")],
    [
      "Clients",
      told
        ? formatTable(
            told.presence.map(({ host, ip, mode, platform, version, ts }) => ({
              host,
              ip,
              mode,
              platform,
              version,
              seen: when(ts, terminal),
            })),
            ["host", "ip", "mode", "platform", "version", "seen"],
            terminal,
          )
        : "",
    ],
    ["Devices", told?.devices ? `${told.devices.paired.length} paired, ${told.devices.pending.length} waiting` : ""],
    [
      `Log, last ${lines.length} lines of ${shortPath(log ?? "")}`,
      lines.map((line) => formatLogLine(line, { color: false })).join("\n"),
    ],
  ];
  return parts
    .filter(([, body]) => body !== "")
    .map(([title, body]) => `\n${terminal.style("bold", title)}\n${body}`)
    .join("\n");
}
