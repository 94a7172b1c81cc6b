import yargs, { type Argv } from "yargs";
import { root } from "../commands/tree.ts";
import { processTerminal, type Terminal } from "../output/terminal.ts";
import type { Command, CommandContext, CommandGroup } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { reportError } from "./report-error.ts";
import { resolveCommand, wantsHelp } from "./resolve-command.ts";

/** Runs one command line and resolves with its exit code. Loads the one command it names. */
export async function runCommandLine(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const terminal = processTerminal(env, args);
  const { path, node, rest, unknown } = resolveCommand(args, root);
  try {
    if (path.length === 0 && rest.some((word) => ["--version", "-v", "-V"].includes(word))) {
      const { version } = await import("../version.ts");
      terminal.out(version);
      return exitCodes.ok;
    }
    if (unknown) return await reportUnknown(path, unknown.word, unknown.group, terminal);
    if ("children" in node) return await showGroup(path, node, rest, terminal);
    const { command } = await node.load();
    return await runCommand(path, command, rest, { terminal, env, cwd: process.cwd() });
  } catch (error) {
    return reportError(error, terminal, { json: args.includes("--json"), debug: Boolean(env.OPENCLAW_DEBUG) });
  }
}

function base(path: readonly string[], rest: readonly string[], terminal: Terminal): Argv {
  return yargs([...rest])
    .scriptName(["openclaw", ...path].join(" "))
    .locale("en")
    .parserConfiguration({ "dot-notation": false, "greedy-arrays": false, "strip-aliased": true })
    .version(false)
    .help("help")
    .alias("help", "h")
    .option("json", { type: "boolean", describe: "Print one JSON document" })
    .option("profile", { type: "string", describe: "Use ~/.openclaw-<name> instead of ~/.openclaw" })
    .option("dev", { type: "boolean", describe: "Use the profile dev, on port 19001" })
    .group(["json", "profile", "dev", "help"], "For every command:")
    .option("color", { type: "boolean", default: true, hidden: true })
    .wrap(Math.min(100, terminal.columns))
    .exitProcess(false)
    .strict();
}

/** Help of a group: what was asked for, or what is missing. */
async function showGroup(
  path: readonly string[],
  node: CommandGroup,
  rest: readonly string[],
  terminal: Terminal,
): Promise<number> {
  let parser = base(path, [], terminal).usage(`${["openclaw", ...path].join(" ")} <command>`);
  for (const [name, child] of Object.entries(node.children))
    if (!child.hidden) parser = parser.command(name, child.describe);
  if (path.length === 0) {
    parser = parser
      .example("openclaw gateway", "start it; a second terminal talks to it")
      .example('openclaw agent -m "hello"', "ask something")
      .example("openclaw status", "see how it is")
      .epilogue("openclaw <command> --help shows a command's options.");
  } else if (node.fallback)
    parser = parser.epilogue(
      `Without a command: ${["openclaw", ...path, node.fallback].join(" ")}. Its options: add --help to that.`,
    );
  const help = await parser.getHelp();
  if (wantsHelp(rest)) {
    terminal.out(help);
    return exitCodes.ok;
  }
  const strange = rest.find((word) => word.startsWith("-") && !["--json", "--dev", "--profile"].includes(word));
  terminal.err(strange ? `Unknown option ${strange} before a command.\n\n${help}` : help);
  return exitCodes.usage;
}

async function reportUnknown(
  path: readonly string[],
  word: string,
  group: CommandGroup,
  terminal: Terminal,
): Promise<number> {
  const { nearest } = await import("@openclaw/core/config");
  const names = Object.keys(group.children).filter((name) => !group.children[name]!.hidden);
  const wanted = nearest(word, names) ?? names.find((name) => name.startsWith(word));
  const before = ["openclaw", ...path].join(" ");
  const { clean } = await import("../output/clean.ts");
  terminal.err(`${terminal.style("red", "error:")} ${before} has no command "${clean(word)}".`);
  terminal.err(wanted ? `Did you mean: ${before} ${wanted}` : `It has: ${names.join(", ")}.\nSee: ${before} --help`);
  return exitCodes.usage;
}

async function runCommand(
  path: readonly string[],
  command: Command,
  rest: readonly string[],
  io: Pick<CommandContext, "terminal" | "env" | "cwd">,
): Promise<number> {
  let code: number | undefined;
  let failure: unknown;
  const positionals = [...(command.args ?? "").matchAll(/[<[](\w+)(\.\.)?[\]>]/g)].map(([, name]) => name!);
  let parser = base(path, rest, io.terminal).command(
    ["$0", command.args].filter(Boolean).join(" "),
    command.describe,
    (leaf) => {
      for (const [line, what] of command.examples ?? []) leaf.example(line, what);
      for (const name of positionals) leaf.positional(name, { type: "string" });
      return command.options?.(leaf) ?? leaf;
    },
    async (parsed) => {
      const options = lastOfEach(parsed, [...(command.lists ?? []), "_", ...positionals]);
      const wrong = Object.entries(options).find(([, value]) => typeof value === "number" && Number.isNaN(value));
      if (wrong) {
        code = exitCodes.usage;
        io.terminal.err(`${io.terminal.style("red", "error:")} --${wrong[0]} needs a number.`);
        return;
      }
      const { json, dev, profile } = options as { json?: boolean; dev?: boolean; profile?: string };
      try {
        code =
          (await command.run(options, {
            ...io,
            json: json === true,
            dev: dev === true,
            ...(profile ? { profile } : {}),
          })) ?? exitCodes.ok;
      } catch (error) {
        failure = error ?? new Error("failed");
      }
    },
  );
  const usage = ["openclaw", ...path, command.args].filter(Boolean).join(" ");
  let complaint: string | undefined;
  parser = parser.fail((message, error) => {
    if (error) throw error;
    complaint ??= message;
  });
  // Help goes through the terminal, so that a closed pipe is nobody's failure.
  await parser.parseAsync([...rest], {}, (_error, _argv, output) => {
    if (output && !complaint) io.terminal.out(output);
  });
  if (complaint !== undefined) {
    const { explainUsage } = await import("./explain-usage.ts");
    io.terminal.err(
      `${io.terminal.style("red", "error:")} ${explainUsage(complaint, { usage, help: await parser.getHelp() })}`,
    );
    return exitCodes.usage;
  }
  if (failure) throw failure;
  return code ?? exitCodes.ok;
}

/** Of an option given twice the last one counts, except where a list is wanted. */
function lastOfEach(parsed: Record<string, unknown>, lists: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parsed).map(([key, value]) => [
      key,
      Array.isArray(value) && !lists.includes(key) ? (value as unknown[]).at(-1) : value,
    ]),
  );
}
