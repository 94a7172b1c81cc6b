import type { OpenClawConfig } from "@openclaw/core/config";
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
  /** The configuration in force. */
  config: OpenClawConfig;
  /** Why the file's configuration is not in force; empty when it is. */
  problems: readonly string[];
  /** `--token` and `--password`, when they were given. */
  token?: string;
  password?: string;
  /** The configuration was made just now. */
  first: boolean;
  profile: Pick<CommandContext, "profile" | "dev">;
  terminal: Pick<Terminal, "style">;
}

/** What a person reads when the gateway is up: where, how to get in, what to try. */
export function welcome({
  port,
  installation,
  config,
  problems,
  token,
  password,
  first,
  profile,
  terminal,
}: WelcomeOptions): string {
  const { paths, loaded } = installation;
  const openclaw = commandPrefix(profile);
  const usesPassword = config.gateway?.auth?.mode === "password" || (password !== undefined && token === undefined);
  const where = token
    ? "the one given with --token"
    : loaded.env.OPENCLAW_GATEWAY_TOKEN
      ? "in OPENCLAW_GATEWAY_TOKEN"
      : `in ${shortPath(paths.configPath)}, key gateway.auth.token`;
  const lines = [
    "",
    `${terminal.style("bold", "OpenClaw is running.")} Stop it with Ctrl-C.`,
    ...(problems.length > 0
      ? [
          "",
          terminal.style("red", "It runs with the last good configuration, because the file cannot be used:"),
          ...problems.map((line) => `  ${line}`),
          "Mend the file; it is taken up as soon as it can be used.",
        ]
      : []),
    "",
    `  Dashboard  ${dashboardUrl(config.gateway, loaded.env, { port, token, bare: usesPassword })}`,
    ...(usesPassword
      ? ["             (it asks for the password)"]
      : [
          `             (the link signs your browser in; ${openclaw} dashboard prints it again)`,
          `  Token      ${where}`,
        ]),
    "",
    "Try, in another terminal:",
    `  ${openclaw} agent -m "what can you do?"`,
    `  ${openclaw} status`,
    ...(configuredAccounts(config.channels).length === 0
      ? [`  ${openclaw} channels login telegram     to reach it from your phone`]
      : []),
    ...(first ? ["", `A first configuration was written to ${shortPath(paths.configPath)}.`] : []),
  ];
  return `${lines.join("\n")}\n`;
}
