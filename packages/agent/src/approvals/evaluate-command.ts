import { basename } from "node:path";
import { findEntry } from "./allowlist.ts";
import type { AllowlistEntry } from "./approvals-file.ts";
import { resolveProgram, type Program, type ProgramContext } from "./resolve-program.ts";
import { isSafeUse } from "./safe-bins.ts";
import { isPattern, quoteText, quoteWord, readShell } from "./shell-lexer.ts";
import type { ExecPolicy } from "./types.ts";

export interface CommandQuestion extends ProgramContext {
  command: string;
  policy: ExecPolicy & { allowlist: readonly AllowlistEntry[] };
  safeBins: readonly string[];
  /** Programs that installed skills need, by name; they count when the policy has `autoAllowSkills`. */
  skillBins?: readonly string[];
}

export interface CommandVerdict {
  outcome: "run" | "ask" | "deny";
  /** For logs, the error and the question, e.g. `grep is not in the allowlist`. */
  reason: string;
  /** Every program of the command is allowed. */
  satisfied: boolean;
  /** Programs of a command that could be read; empty when it could not. */
  programs: readonly Program[];
  /** Patterns that matched, with the program each. */
  used: readonly { pattern: string; resolvedPath: string }[];
  /** What to run in place of the text: the very words that were judged, by full path. Only when `satisfied`. */
  exact?: string;
}

/** Decides whether a command may run on the host. Pure but for looking at programs and files. */
export function evaluateCommand(question: CommandQuestion): CommandVerdict {
  const { policy } = question;
  const judged = judgeSegments(question);
  if (policy.security === "deny") return { ...judged, outcome: "deny", reason: "security is deny" };
  if (policy.ask === "always") return { ...judged, outcome: "ask", reason: "ask is always" };
  if (policy.security === "full") return { ...judged, outcome: "run", reason: "security is full" };
  if (judged.satisfied) return { ...judged, outcome: "run" };
  return { ...judged, outcome: policy.ask === "off" ? "deny" : "ask" };
}

function judgeSegments(question: CommandQuestion): Omit<CommandVerdict, "outcome"> {
  const { command, policy, home, cwd, safeBins, skillBins = [] } = question;
  const none = { satisfied: false, programs: [], used: [] };
  const reading = readShell(command);
  if ("refused" in reading) return { ...none, reason: `the command has ${reading.refused}` };
  const programs: Program[] = [];
  const used: CommandVerdict["used"][number][] = [];
  const exact: string[] = [];
  let missing: string | undefined;
  for (const { operator, words } of reading.segments) {
    const [first, ...rest] = words;
    const name = first?.text ?? "";
    const program = resolveProgram(name, question);
    if (!program) {
      missing ??= `${name} is no program that can be found`;
      continue;
    }
    programs.push(program);
    const entry = findEntry(program, policy.allowlist, home);
    if (entry) used.push({ pattern: entry.pattern, resolvedPath: program.path });
    const args = rest.map(({ text }) => text);
    const allowed =
      entry !== undefined ||
      (!rest.some(isPattern) && isSafeUse({ program, args, safeBins, cwd })) ||
      (policy.autoAllowSkills && !name.includes("/") && skillBins.includes(basename(program.path)));
    if (!allowed) missing ??= `${program.path} is not in the allowlist`;
    exact.push(
      [operator, quoteText(program.path), ...rest.map((word) => quoteWord(word, home))].filter(Boolean).join(" "),
    );
  }
  return missing === undefined
    ? { satisfied: true, reason: "every program is allowed", programs, used, exact: exact.join(" ") }
    : {
        satisfied: false,
        reason: missing,
        programs: programs.length === reading.segments.length ? programs : [],
        used,
      };
}
