import type { CheckGroup, CheckReport, DoctorReport, ReportedFinding } from "@openclaw/gateway/doctor";
import type { CommandContext } from "../../command-line/command.ts";
import { commandPrefix } from "../../command-line/command-prefix.ts";
import { clean } from "../../output/clean.ts";
import type { Style, Terminal } from "../../output/terminal.ts";

type Verdict = "ok" | "look" | "wrong" | "open";

/** A sign for the eye, a word for everybody else. */
const marks: Readonly<Record<Verdict, readonly [sign: string, style: Style]>> = {
  ok: ["✓", "green"],
  look: ["!", "yellow"],
  wrong: ["✗", "red"],
  open: ["-", "dim"],
};

/** For readers; checks run in an order of their own. */
const order: readonly CheckGroup[] = ["configuration", "gateway", "channels", "models", "state", "machine"];

/** Checks under the heading of their group, each with what was found and what to do about it. */
export function formatChecks({ checks }: Pick<DoctorReport, "checks">, terminal: Pick<Terminal, "style">): string {
  return order
    .filter((group) => checks.some((check) => check.group === group))
    .map((group) => {
      const heading = `${group[0]?.toUpperCase()}${group.slice(1)}`;
      const lines = checks.filter((check) => check.group === group).map((check) => formatCheck(check, terminal));
      return `${terminal.style("bold", heading)}\n${lines.join("\n")}`;
    })
    .join("\n\n");
}

export function formatCheck(
  { title, findings, fixed, skipped }: CheckReport,
  terminal: Pick<Terminal, "style">,
): string {
  const verdict = skipped ? "open" : verdictOf(findings);
  const [sign, style] = marks[verdict];
  const fixes = new Set<string>();
  const details = [
    ...fixed.map((sentence) => `fixed: ${sentence}`),
    ...findings.flatMap(({ message, hint, fix, fixError }) => {
      const first = fix !== undefined && !fixes.has(fix);
      if (fix !== undefined) fixes.add(fix);
      return [
        message,
        ...(hint ? [`  → ${hint}`] : []),
        ...(first ? [fixError ? `  → --fix did not work: ${fixError}` : `  → --fix: ${fix}`] : []),
      ];
    }),
  ];
  return [
    `  ${terminal.style(style, `${sign} ${verdict.padEnd(5)}`)}  ${title}${skipped ? " (not looked at before the configuration can be used)" : ""}`,
    ...details.flatMap(indented),
  ].join("\n");
}

/** One or two sentences at the end. */
export function formatSummary(
  { errors, warnings, fixed, checks }: DoctorReport,
  context: Pick<CommandContext, "profile" | "dev">,
): string {
  const left = [
    ...(errors > 0 ? [count(errors, "error")] : []),
    ...(warnings > 0 ? [count(warnings, "warning")] : []),
  ].join(" and ");
  const repairable = checks
    .flatMap(({ findings }) => findings)
    .filter(({ fix, fixError, severity }) => fix && !fixError && severity !== "info").length;
  const verdict = left
    ? `${fixed > 0 ? "Left: " : ""}${left}.`
    : fixed > 0
      ? "Nothing is wrong any more."
      : "Nothing is wrong.";
  const offer =
    repairable > 0
      ? ` To repair ${repairable === errors + warnings ? "all of them" : `${repairable} of them`}: ${commandPrefix(context)} doctor --fix`
      : "";
  return `${fixed > 0 ? `${fixed} repaired. ` : ""}${verdict}${offer}`;
}

function verdictOf(findings: readonly ReportedFinding[]): Verdict {
  if (findings.some(({ severity }) => severity === "error")) return "wrong";
  return findings.some(({ severity }) => severity === "warning") ? "look" : "ok";
}

const indented = (text: string): string[] => text.split("\n").map((line) => `           ${clean(line)}`);

const count = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
