import { requestText } from "./message-text.ts";
import { possible, sure, type Match, type Rule, type Turn } from "./rule.ts";

export interface Found extends Match {
  rule: Rule;
}

/**
 * Phrases are matched by patterns whose work may grow with the square of the length, so longer texts are shown only to
 * the rules that look at their beginning.
 */
const maxPhrase = 1_500;
/** Places where a text may be parted, for each kind of separator. */
const maxSeparators = 12;

/** The best rule for the whole text. */
export function bestRule(raw: string, turn: Turn): Found | undefined {
  const text = raw.startsWith("/") ? raw : requestText(raw);
  const long = text.length > maxPhrase;
  let best: Found | undefined;
  for (const rule of turn.rules) {
    if (long && !rule.longText) continue;
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
export function findRequests(raw: string, turn: Turn): Found[] | undefined {
  const text = raw.startsWith("/") ? raw : requestText(raw);
  const whole = one(text, turn);
  // Scores above 1 are for messages that must not be taken apart, such as a heartbeat.
  return (whole?.[0] && whole[0].score > 1 ? undefined : split(text, turn, 4)) ?? whole;
}

function one(text: string, turn: Turn): Found[] | undefined {
  const found = bestRule(text, turn);
  return found && [found];
}

function split(text: string, turn: Turn, depth: number): Found[] | undefined {
  if (depth === 0 || text.length > maxPhrase || text.startsWith("/")) return undefined;
  const whole = bestRule(text, turn);
  if (whole?.rule.group === "shell") return undefined;
  for (const [pattern, strong] of separators) {
    for (const separator of [...text.matchAll(pattern)].slice(0, maxSeparators)) {
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
