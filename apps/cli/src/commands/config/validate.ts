import { resolve } from "node:path";
import { type ConfigIssue, formatIssue, loadConfig, type LoadedConfig } from "@openclaw/core/config";
import { channelManifests } from "@openclaw/gateway/manifests";
import type { Command } from "../../command-line/command.ts";
import { exitCodes } from "../../command-line/exit-codes.ts";
import { installationPaths } from "../../installation/installation.ts";

interface Options {
  file?: string[];
  allowMissingEnv?: boolean;
}

/** One file's report, as `--json` lists them. */
interface Report {
  file: string;
  valid: boolean;
  errors: Pick<ConfigIssue, "file" | "line" | "column" | "path" | "message" | "suggestion">[];
  rewrites: { from: string; to: string }[];
}

export const command: Command<Options> = {
  describe: "Check the configuration, or other files; exit code 1 when one is wrong",
  examples: [
    ["openclaw config validate", ""],
    ["openclaw config validate --file a.json --file b.json --json", ""],
  ],
  lists: ["file"],
  options: (yargs) =>
    yargs
      .option("file", { type: "array", string: true, describe: "Check this file instead; repeat it for more" })
      .option("allow-missing-env", { type: "boolean", describe: "Let ${NAME} pass when the variable is not set here" }),
  async run({ file: files, allowMissingEnv = false }, context) {
    const paths = installationPaths(context);
    const checked = [];
    for (const name of files ?? [paths.configPath]) {
      const configPath = resolve(context.cwd, name);
      const loaded = await loadConfig({
        env: context.env,
        cwd: context.cwd,
        paths,
        manifests: channelManifests,
        configPath,
        allowMissingEnv,
      });
      checked.push({ name, loaded, report: reportOf(configPath, loaded, files !== undefined) });
    }
    const valid = checked.every(({ report }) => report.valid);
    const { terminal, json } = context;
    if (json) terminal.json(checked.map(({ report }) => report));
    else {
      for (const { name, loaded, report } of checked) {
        if (report.valid)
          terminal.out(
            `${name}: valid${loaded.exists ? "" : " (there is no such file, so everything is at its default)"}`,
          );
        else
          terminal.out(
            `${name}: ${report.errors.length} ${report.errors.length === 1 ? "problem" : "problems"}\n${report.errors.map((issue) => `  ${formatIssue(issue as ConfigIssue)}`).join("\n")}`,
          );
        for (const warning of loaded.warnings) terminal.err(`  warning: ${formatIssue(warning)}`);
        for (const { message } of loaded.rewrites) terminal.err(`  old spelling: ${message}`);
      }
    }
    return valid ? exitCodes.ok : exitCodes.failed;
  },
};

function reportOf(file: string, loaded: LoadedConfig, mustExist: boolean): Report {
  const missing = mustExist && !loaded.exists;
  return {
    file,
    valid: loaded.valid && !missing,
    errors: [
      ...(missing ? [{ file, line: 1, column: 1, path: "", message: "There is no such file." }] : []),
      ...loaded.issues.map(({ file: at, line, column, path, message, suggestion }) => ({
        file: at,
        line,
        column,
        path,
        message,
        ...(suggestion === undefined ? {} : { suggestion }),
      })),
    ],
    rewrites: loaded.rewrites.map(({ from, to }) => ({ from, to })),
  };
}
