import { homedir } from "node:os";
import { type DoctorReport, runDoctor, type RunDoctorOptions } from "@openclaw/gateway/doctor";
import { channelManifests } from "@openclaw/gateway/manifests";
import type { Command, CommandContext } from "../command-line/command.ts";
import { exitCodes } from "../command-line/exit-codes.ts";
import { writeFirstConfiguration } from "../installation/first-configuration.ts";
import { installationPaths } from "../installation/installation.ts";
import { version } from "../version.ts";
import { formatChecks, formatSummary } from "./doctor/format-report.ts";

interface Options {
  fix?: boolean;
  yes?: boolean;
  repair?: boolean;
  generateGatewayToken?: boolean;
}

export const command: Command<Options> = {
  describe: "Look for everything that is wrong or risky; changes nothing unless asked",
  examples: [
    ["openclaw doctor", "exit code 1 when something is wrong"],
    ["openclaw doctor --fix", "repair what can be repaired; files that change are backed up"],
    ["openclaw doctor --generate-gateway-token", "when the gateway has none"],
  ],
  options: (yargs) =>
    yargs
      .option("fix", { type: "boolean", describe: "Repair what can be repaired" })
      .option("yes", { type: "boolean", describe: "Same as --fix" })
      .option("repair", { type: "boolean", describe: "Same as --fix" })
      .option("generate-gateway-token", {
        type: "boolean",
        describe: "Make a token for the gateway when it has none, and nothing else",
      }),
  async run({ fix, yes, repair, generateGatewayToken = false }, context) {
    const options = {
      ...doctorOptions(context),
      ...(fix || yes || repair ? { fix: "all" as const } : generateGatewayToken ? { fix: ["gateway-auth"] } : {}),
    };
    const first = generateGatewayToken && writeFirstConfiguration(options.paths.configPath);
    const report = await runDoctor(options);
    const code = report.ok ? exitCodes.ok : exitCodes.failed;
    const token = generateGatewayToken ? tokenSentence(report, first, options) : undefined;
    const { terminal, json } = context;
    if (json) {
      terminal.json({ ...report, ...(token ? { token } : {}) });
      return code;
    }
    terminal.out(formatChecks(report, terminal));
    terminal.out(`\n${formatSummary(report, context)}`);
    if (token) terminal.err(token);
    return code;
  },
};

/** What the doctor looks at, for a command line. */
export const doctorOptions = (context: CommandContext): RunDoctorOptions => ({
  paths: installationPaths(context),
  env: context.env,
  cwd: context.cwd,
  homedir: homedir(),
  manifests: channelManifests,
  version,
});

function tokenSentence({ checks }: DoctorReport, first: boolean, { paths }: RunDoctorOptions): string {
  const auth = checks.find(({ id }) => id === "gateway-auth");
  if (first || (auth?.fixed.length ?? 0) > 0)
    return `A new token stands in ${paths.configPath}, gateway.auth.token. It is printed by: openclaw config get gateway.auth.token`;
  return "No token was made: the gateway has a secret already, or needs none here. To replace a token: openclaw config unset gateway.auth.token, then this again.";
}
