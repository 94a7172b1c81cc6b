import type { Rule, Turn } from "./rule.ts";
import { contentWords } from "../../tools/memory/words.ts";

/** Can this rule run with the tools of this request? */
export function isAvailable(rule: Rule, turn: Turn): boolean {
  return (rule.needs ?? []).every((alternatives) => turn.tools.has(...alternatives));
}

/** The examples that share most words with the text, one for each rule; the usual ones when none does. */
export function nearestExamples(text: string, turn: Turn, count: number): string[] {
  const asked = new Set(contentWords(text));
  const available = turn.rules.filter((rule) => rule.title && isAvailable(rule, turn));
  const scored = available.map((rule, order) => {
    const options = rule.examples.map((example) => ({
      example,
      score: overlap(asked, contentWords(`${example} ${rule.title}`)),
    }));
    const best = options.reduce((a, b) => (b.score > a.score ? b : a), {
      example: rule.examples[0] ?? rule.title,
      score: 0,
    });
    return { ...best, id: rule.id, order };
  });
  const near = scored.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score || a.order - b.order);
  const others = usual.flatMap((id) => scored.filter((entry) => entry.id === id));
  return [...new Set([...near, ...others].map(({ example }) => example))].slice(0, count);
}

/** What most people try first, of which a session offers what its tools allow. */
const usual = ["memory.remember", "files.list", "exact.calculate", "exact.time", "lists.add", "exact.units"];

/** Things to try, without looking at any text. */
export function usualExamples(turn: Turn, count: number): string[] {
  return nearestExamples("", turn, count);
}

function overlap(asked: ReadonlySet<string>, known: readonly string[]): number {
  const set = new Set(known);
  if (asked.size === 0 || set.size === 0) return 0;
  let common = 0;
  for (const word of asked) if (set.has(word)) common++;
  return common / Math.sqrt(asked.size * set.size);
}
