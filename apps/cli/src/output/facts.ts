import { clean } from "./clean.ts";
import type { Terminal } from "./terminal.ts";

export type Fact = readonly [label: string, value: string | undefined];

/** Labelled lines: aligned for a person, tab-separated for a pipe. A fact without value is left out. */
export function formatFacts(facts: readonly Fact[], terminal: Pick<Terminal, "interactive" | "style">): string {
  const known = facts.flatMap(([label, value]) =>
    value === undefined ? [] : [[label, value.split("\n").map(clean)] as const],
  );
  if (!terminal.interactive) return known.map(([label, lines]) => `${label}\t${lines.join("; ")}`).join("\n");
  const width = Math.max(...known.map(([label]) => label.length)) + 2;
  return known
    .flatMap(([label, lines]) =>
      lines.map(
        (line, index) => `${index === 0 ? terminal.style("dim", label.padEnd(width)) : " ".repeat(width)}${line}`,
      ),
    )
    .join("\n");
}
