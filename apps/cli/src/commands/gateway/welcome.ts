import type { Installation } from "../../installation/installation.ts";
import { dashboardUrl } from "../../installation/dashboard-url.ts";
import type { Terminal } from "../../output/terminal.ts";

export interface WelcomeOptions {
  /** `ws://host:port` of the first address. */
  url: string;
  port: number;
  installation: Installation;
  /** The configuration was made just now. */
  first: boolean;
  terminal: Terminal;
}

/** What a person reads when the gateway is up: where, how to get in, what to try. */
export function welcome({ port, installation, first, terminal }: WelcomeOptions): string {
  const { paths, loaded } = installation;
  const channels = Object.keys(loaded.config.channels ?? {}).filter((id) => id !== "defaults");
  const lines = [
    "",
    `${terminal.style("bold", "OpenClaw is running.")} Stop it with Ctrl-C.`,
    "",
    `  Dashboard  ${dashboardUrl(loaded, { port })}`,
    `             (the link signs this browser in; openclaw dashboard prints it again)`,
    `  Token      in ${paths.configPath}, key gateway.auth.token`,
    "",
    "Try:",
    "  openclaw agent --message \"what can you do?\"     from another terminal (pnpm openclaw … in a checkout)",
    "  openclaw status",
  ];
  if (channels.length === 0) lines.push("  openclaw channels add telegram --token <bot token>   to reach it from your phone");
  if (first) lines.push("", `A first configuration was written to ${paths.configPath}.`);
  return `${lines.join("\n")}\n`;
}
