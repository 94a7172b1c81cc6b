import yargs, { type Argv } from "yargs";
import { processTerminal } from "../output/terminal.ts";
import { tree } from "../commands/tree.ts";
import type { Command, CommandContext, CommandNode } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { reportError } from "./report-error.ts";

/** Options that every command takes; `--profile` is the only one with a value. */
const withValue = new Set(["--profile"]);

/** Runs one command line and resolves with its exit code. Loads the one command it names. */
export async function runCommandLine(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const terminal = processTerminal(env);
  const { path, node, rest } = resolve(args);
  try {
    if ("children" in node) return await showGroup(path, node, rest);
    const { command } = await node.load();
    return await runCommand(path, command as Command, rest, { terminal, env, cwd: process.cwd() });
  } catch (error) {
    return reportError(error, terminal, args.includes("--json"));
  }
}

/** Walks the tree along the words of the command line; options in between are left for the command. */
function resolve(args: readonly string[]): { path: string[]; node: CommandNode; rest: string[] } {
  let node: CommandNode = { describe: "", children: tree };
  const path: string[] = [];
  const rest: string[] = [];
  let index = 0;
  for (; index < args.length && "children" in node; index++) {
    const word = args[index] ?? "";
    if (word.startsWith("-")) {
      rest.push(word);
      if (withValue.has(word) && index + 1 < args.length) rest.push(args[++index] ?? "");
      continue;
    }
    const next: CommandNode | undefined = Object.hasOwn(node.children, word) ? node.children[word] : undefined;
    if (!next) break;
    path.push(word);
    node = next;
  }
  rest.push(...args.slice(index));
  const words = rest.filter((word, at) => !word.startsWith("-") && !withValue.has(rest[at - 1] ?? ""));
  if ("children" in node && node.fallback && words.length === 0 && !rest.includes("--help") && !rest.includes("-h")) {
    const fallback = node.children[node.fallback];
    if (fallback) return { path: [...path, node.fallback], node: fallback, rest };
  }
  return { path, node, rest };
}

function base(path: readonly string[], rest: readonly string[]): Argv {
  return yargs([...rest])
    .scriptName(["openclaw", ...path].join(" "))
    .version(false)
    .help("help")
    .alias("help", "h")
    .option("json", { type: "boolean", default: false, describe: "Print one JSON document" })
    .option("profile", { type: "string", describe: "Use ~/.openclaw-<name> instead of ~/.openclaw" })
    .option("dev", { type: "boolean", default: false, describe: "Use the profile dev, on port 19001" })
    .wrap(Math.min(100, process.stdout.columns || 80))
    .exitProcess(false)
    .strict();
}

/** Help of a group, or what is wrong with the word after it. */
async function showGroup(path: readonly string[], node: Extract<CommandNode, { children: unknown }>, rest: readonly string[]): Promise<number> {
  let code: number = exitCodes.ok;
  let parser = base(path, rest).usage("$0 <command>").recommendCommands().demandCommand(1, "");
  for (const [name, child] of Object.entries(node.children)) parser = parser.command(name, child.describe);
  if (path.length === 0) parser = parser.epilogue("openclaw <command> --help shows a command's options. Guide: docs/cli.md");
  parser = parser.fail((message, error) => {
    code = exitCodes.usage;
    if (error) throw error;
    if (rest.some((word) => !word.startsWith("-"))) console.error(`${message || `Unknown command: ${rest.join(" ")}`}\n`);
    parser.showHelp("error");
  });
  await parser.parseAsync();
  return code;
}

async function runCommand(
  path: readonly string[],
  command: Command,
  rest: readonly string[],
  io: Pick<CommandContext, "terminal" | "env" | "cwd">,
): Promise<number> {
  let code: number | undefined;
  let failure: unknown;
  let parser = base(path, rest).command(
    ["$0", command.args].filter(Boolean).join(" "),
    command.describe,
    (leaf) => {
      for (const [line, what] of command.examples ?? []) leaf.example(line, what);
      return command.options?.(leaf) ?? leaf;
    },
    async (options) => {
      const { json, dev, profile } = options as { json: boolean; dev: boolean; profile?: string };
      try {
        code = (await command.run(options, { ...io, json, dev, ...(profile ? { profile } : {}) })) ?? exitCodes.ok;
      } catch (error) {
        failure = error ?? new Error("failed");
      }
    },
  );
  parser = parser.fail((message, error) => {
    if (error) throw error;
    code = exitCodes.usage;
    io.terminal.err(`${message}\n\nSee: openclaw ${[...path, "--help"].join(" ")}`);
  });
  await parser.parseAsync();
  if (failure) throw failure;
  return code ?? exitCodes.ok;
}
