import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Program } from "./resolve-program.ts";

/** What a program may be given so that it reads its input and writes its output, and nothing else. */
interface Rule {
  /** Letters of options without a value. */
  flags: string;
  /** Letters of options whose value follows. */
  values: string;
  /** Long options, `=` at the end when they take a value. */
  long: string;
  /** Most words that are no options: patterns and filters, never files. */
  words: number;
}

const RULES: Readonly<Record<string, Rule>> = {
  cut: {
    flags: "bnsz",
    values: "bcdf",
    long: "bytes= characters= delimiter= fields= complement only-delimited output-delimiter= zero-terminated",
    words: 0,
  },
  grep: {
    flags: "EFGPivwxcnoqsbHhaUzyLl",
    values: "eABCm",
    long: "extended-regexp fixed-strings basic-regexp perl-regexp regexp= ignore-case invert-match word-regexp line-regexp count line-number only-matching quiet silent max-count= after-context= before-context= context= no-messages text null-data",
    words: 1,
  },
  head: { flags: "qvz", values: "cn", long: "bytes= lines= quiet silent verbose zero-terminated", words: 0 },
  jq: {
    flags: "cCMSrjaRnesh",
    values: "",
    long: "compact-output color-output monochrome-output sort-keys raw-output join-output ascii-output raw-input null-input exit-status slurp tab",
    words: 1,
  },
  sort: {
    flags: "bdfgiMhnRrVcCmsuz",
    values: "kt",
    long: "ignore-leading-blanks dictionary-order ignore-case general-numeric-sort month-sort human-numeric-sort numeric-sort reverse version-sort check key= field-separator= stable unique zero-terminated",
    words: 0,
  },
  tail: { flags: "qvz", values: "cn", long: "bytes= lines= quiet silent verbose zero-terminated", words: 0 },
  tr: { flags: "cCdst", values: "", long: "complement delete squeeze-repeats truncate-set1", words: 2 },
  uniq: {
    flags: "cdDiuz",
    values: "fsw",
    long: "count repeated ignore-case unique skip-fields= skip-chars= check-chars= zero-terminated",
    words: 0,
  },
  wc: { flags: "cmlwL", values: "", long: "bytes chars lines words max-line-length", words: 0 },
};

export const DEFAULT_SAFE_BINS: readonly string[] = Object.keys(RULES);

/** Where systems keep their programs; elsewhere anything may carry the name. */
const SYSTEM_DIRECTORIES = new Set([
  "/bin",
  "/usr/bin",
  "/usr/local/bin",
  "/opt/homebrew/bin",
  "/run/current-system/sw/bin",
]);

export interface SafeBinQuestion {
  program: Program;
  args: readonly string[];
  /** Names that count as safe: the configuration's, or the default ones. */
  safeBins: readonly string[];
  cwd: string;
}

/** Whether a program only filters its input with these arguments: no file, no directory, no other program. */
export function isSafeUse({ program, args, safeBins, cwd }: SafeBinQuestion): boolean {
  const name = basename(program.path).toLowerCase();
  if (!safeBins.some((bin) => bin.trim().toLowerCase() === name)) return false;
  if (!SYSTEM_DIRECTORIES.has(dirname(program.path))) return false;
  if (args.some((arg) => namesFile(arg, cwd))) return false;
  const rule = RULES[name];
  // A name that the owner added has no rule of ours; no file among its arguments is all that can be asked of it.
  return !rule || obeys(name, rule, args);
}

function namesFile(arg: string, cwd: string): boolean {
  const equals = arg.startsWith("-") ? arg.indexOf("=") : -1;
  const values = equals === -1 ? [arg] : [arg.slice(equals + 1)];
  return values.some(
    (value) =>
      /^~|\/|^\.{1,2}$|^@/.test(value) || (value !== "" && !value.startsWith("-") && existsSync(join(cwd, value))),
  );
}

function obeys(name: string, { flags, values, long, words }: Rule, args: readonly string[]): boolean {
  const longOptions = long.split(" ");
  let count = 0;
  let given = 0;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--") {
      count += args.length - at - 1;
      break;
    }
    if (arg.startsWith("--")) {
      const [option = "", value] = arg.slice(2).split(/=(.*)/s);
      if (longOptions.includes(`${option}=`)) {
        if (value === undefined) at++;
        if (option === "regexp") given = 1;
      } else if (value !== undefined || !longOptions.includes(option)) return false;
    } else if (arg.startsWith("-") && arg !== "-") {
      if (/^-\d+$/.test(arg) && ["head", "tail", "grep"].includes(name)) continue;
      for (let letter = 1; letter < arg.length; letter++) {
        const option = arg.charAt(letter);
        if (values.includes(option)) {
          if (letter === arg.length - 1) at++;
          if (name === "grep" && option === "e") given = 1;
          break;
        }
        if (!flags.includes(option)) return false;
      }
    } else {
      count++;
      if (
        name === "jq" &&
        /\b(?:env|import|include|input_filename|input_line_number|debug|modulemeta|get_search_list)\b|\$(?:__|ENV)/.test(
          arg,
        )
      )
        return false;
    }
  }
  return count + given <= words;
}
