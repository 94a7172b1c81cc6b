import type { Argv } from "yargs";
import type { Terminal } from "../output/terminal.ts";

/** What every command gets: where it runs and how it speaks. */
export interface CommandContext {
  terminal: Terminal;
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** `--profile` */
  profile?: string;
  /** `--dev` */
  dev: boolean;
  /** `--json`: print one JSON document and nothing else on standard output. */
  json: boolean;
}

/** One command. Each stands in a file of its own, loaded only when it is called. */
export interface Command<Options = Record<string, unknown>> {
  /** Positional arguments as yargs writes them, e.g. `<channel> <code>`. */
  args?: string;
  describe: string;
  /** Two or three lines that can be copied, shown under the help. */
  examples?: readonly (readonly [command: string, what: string])[];
  options?(yargs: Argv): Argv;
  /** Resolves with the exit code; undefined is 0. Throws `OpenClawError` (or `GatewayError`) to fail with its words. */
  run(options: Options, context: CommandContext): Promise<number | undefined | void>;
}

/** A word of the command line: a command, or a group of further words. */
export type CommandNode =
  | { describe: string; load: () => Promise<{ command: Command<never> }> }
  | { describe: string; children: Readonly<Record<string, CommandNode>>; fallback?: string };
