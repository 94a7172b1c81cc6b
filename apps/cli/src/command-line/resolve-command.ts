import type { CommandGroup, CommandNode } from "./command.ts";

export interface ResolvedCommand {
  /** Words of the command, e.g. `["gateway", "run"]`. */
  path: string[];
  node: CommandNode;
  /** What is left for the command's own parser. */
  rest: string[];
  /** The word that no command has, with the group that was searched. */
  unknown?: { word: string; group: CommandGroup };
}

/** Options that every command takes; these may stand before its words. */
const common = new Set(["--json", "--dev", "--help", "-h", "--no-color"]);
const commonWithValue = "--profile";

/** Walks the tree along the words of the command line. `help` as first word is `--help` of what follows. */
export function resolveCommand(args: readonly string[], root: CommandGroup): ResolvedCommand {
  if (args[0] === "help") return resolveCommand([...args.slice(1), "--help"], root);
  let node: CommandNode = root;
  const path: string[] = [];
  const rest: string[] = [];
  let index = 0;
  for (; index < args.length && "children" in node; index++) {
    const word = args[index]!;
    if (word === commonWithValue && index + 1 < args.length) rest.push(word, args[++index]!);
    else if (common.has(word) || word.startsWith(`${commonWithValue}=`)) rest.push(word);
    else if (word.startsWith("-")) break;
    else {
      const next: CommandNode | undefined = Object.hasOwn(node.children, word) ? node.children[word] : undefined;
      if (!next) return { path, node, rest: [...rest, ...args.slice(index)], unknown: { word, group: node } };
      path.push(word);
      node = next;
    }
  }
  rest.push(...args.slice(index));
  const fallback: CommandNode | undefined =
    "children" in node && node.fallback ? node.children[node.fallback] : undefined;
  if (fallback && !wantsHelp(rest)) return { path: [...path, (node as CommandGroup).fallback!], node: fallback, rest };
  return { path, node, rest };
}

export const wantsHelp = (args: readonly string[]): boolean => args.includes("--help") || args.includes("-h");
