import type { CommandContext } from "../../command-line/command.ts";
import { commandPrefix } from "../../command-line/command-prefix.ts";
import { dashboardUrl } from "../../installation/dashboard-url.ts";
import type { Installation } from "../../installation/installation.ts";
import { shortPath } from "../../output/short-path.ts";
import type { Terminal } from "../../output/terminal.ts";
import { configuredAccounts } from "../channels/configured-accounts.ts";

export interface WelcomeOptions {
  port: number;
  installation: Installation;
  /** `--token` and `--password`, when they were given. */
  token?: string;
  password?: string;
  /** The configuration was made just now. */
  first: boolean;
  profile: Pick<CommandContext, "profile" | "dev">;
  terminal: Pick<Terminal, "style">;
}

/** What a person reads when the gateway is up: where, how to get in, what to try. */
export function welcome({ port, installation, token, password, first, profile, terminal }: WelcomeOptions): string {
  const { paths, loaded } = installation;
  const openclaw = commandPrefix(profile);
  const usesPassword = loaded.config.gateway?.auth?.mode === "password" || (password !== undefined && token === undefined);
  const where = token ? "the one given with --token" : loaded.env.OPENCLAW_GATEWAY_TOKEN ? "in OPENCLAW_GATEWAY_TOKEN" : `in ${shortPath(paths.configPath)}, key gateway.auth.token`;
  const lines = [
    "",
    `${terminal.style("bold", "OpenClaw is running.")} Stop it with Ctrl-C.`,
    "",
    `  Dashboard  ${dashboardUrl(loaded, { port, token, bare: usesPassword })}`,
    ...(usesPassword ? ["             (it asks for the password)"] : [`             (the link signs your browser in; ${openclaw} dashboard prints it again)`, `  Token      ${where}`]),
    "",
    "Try, in another terminal:",
    `  ${openclaw} agent -m "what can you do?"`,
    `  ${openclaw} status`,
    ...(configuredAccounts(loaded.authored.channels).length === 0 ? [`  ${openclaw} channels login telegram     to reach it from your phone`] : []),
    ...(first ? ["", `A first configuration was written to ${shortPath(paths.configPath)}.`] : []),
  ];
  return `${lines.join("\n")}\n`;
}
