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
  /** Positional arguments as yargs writes them, e.g. `<channel> <code>`. They are texts. */
  args?: string;
  describe: string;
  /** Two or three lines that can be copied, shown under the help. */
  examples?: readonly (readonly [command: string, what: string])[];
  options?(yargs: Argv): Argv;
  /** Options that may be given several times and arrive as lists. Of any other the last one counts. */
  lists?: readonly string[];
  /** Resolves with the exit code; undefined is 0. Throws `OpenClawError` (or `GatewayError`) to fail with its words. */
  run(options: Options, context: CommandContext): Promise<number | undefined | void>;
}

/** A word of the command line that does something. */
export interface CommandLeaf {
  describe: string;
  load: () => Promise<{ command: Command<never> }>;
  /** An older or alternative spelling: works, but help does not list it. */
  hidden?: true;
}

/** A word that further words follow. */
export interface CommandGroup {
  describe: string;
  children: Readonly<Record<string, CommandNode>>;
  /** The child that is meant when no word follows. */
  fallback?: string;
  hidden?: true;
}

export type CommandNode = CommandLeaf | CommandGroup;
