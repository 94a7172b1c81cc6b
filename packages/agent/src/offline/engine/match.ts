import { requestText } from "./message-text.ts";
import { possible, sure, type Match, type Rule, type Turn } from "./rule.ts";

export interface Found extends Match {
  rule: Rule;
}

/** The best rule for the whole text. */
export function bestRule(raw: string, turn: Turn): Found | undefined {
  const text = raw.startsWith("/") ? raw : requestText(raw);
  let best: Found | undefined;
  for (const rule of turn.rules) {
    const match = rule.match(text, turn);
    if (match && match.score >= possible && match.score > (best?.score ?? 0)) best = { ...match, rule };
  }
  return best;
}

/** Strong separators part two requests even inside free text; "and" alone does not. */
const separators: readonly (readonly [pattern: RegExp, strong: boolean])[] = [
  [
    /\s*(?:,|;|\.)?\s+(?:and\s+)?(?:then|after that|afterwards)[,\s]\s*|\s*;\s+|\s*\n+\s*|\s*,?\s+(?:et\s+)?(?:puis|ensuite)\s+/gi,
    true,
  ],
  [/\s*,?\s+(?:and|et)\s+(?:also\s+)?|\.\s+(?=[A-Z])/gi, false],
];

/**
 * One request, or several that are each sure: "find my notes about Lisbon and save them to trip.md". Undefined when the
 * text is not understood.
 */
export function findRequests(text: string, turn: Turn): Found[] | undefined {
  const whole = one(text, turn);
  // Scores above 1 are for messages that must not be taken apart, such as a heartbeat.
  return (whole?.[0] && whole[0].score > 1 ? undefined : split(text, turn, 4)) ?? whole;
}

function one(text: string, turn: Turn): Found[] | undefined {
  const found = bestRule(text, turn);
  return found && [found];
}

function split(text: string, turn: Turn, depth: number): Found[] | undefined {
  if (depth === 0 || text.startsWith("/")) return undefined;
  const whole = bestRule(text, turn);
  if (whole?.rule.group === "shell") return undefined;
  for (const [pattern, strong] of separators) {
    for (const separator of text.matchAll(pattern)) {
      const left = bestRule(text.slice(0, separator.index).trim(), turn);
      if (!left || left.score < sure || left.rule.group === "talk") continue;
      if (left.rule.freeText && !strong) continue;
      const rest = text.slice(separator.index + separator[0].length).trim();
      const following: Turn = { ...turn, previous: { say: "" }, chained: true };
      const right = split(rest, following, depth - 1) ?? one(rest, following);
      if (right?.every((found) => found.score >= sure && found.rule.group !== "talk")) return [left, ...right];
    }
  }
  return undefined;
}
