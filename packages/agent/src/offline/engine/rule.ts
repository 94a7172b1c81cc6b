import type { LiveTools, ToolRequest } from "./live-tools.ts";

/** What one tool call came to, as it stands in the transcript. */
export interface ToolOutcome {
  name: string;
  text: string;
  isError: boolean;
}

export interface Answer {
  /** Markdown for the person. */
  say: string;
  /** What a following step ("... and save it to x.md") works on. Default: `say`. */
  payload?: string;
  /** A following step that needs this result is not attempted. */
  failed?: boolean;
}

/**
 * The steps of one answer: yields the tool calls it needs, is resumed with their outcomes, returns the answer.
 *
 * It is run again from the start at every step of the turn, with the outcomes that the transcript holds, so it must be
 * deterministic: no clock but `turn.now`, no randomness, no input or output of its own.
 */
export type Plan = Generator<ToolRequest[], Answer, ToolOutcome[]>;

export type Slots = Readonly<Record<string, string>>;

export interface Turn {
  /** Epoch ms; the same at every step of the turn. */
  now: number;
  /** IANA name. */
  timeZone: string;
  tools: LiveTools;
  /** Every rule there is, for help. */
  rules: readonly Rule[];
  /** The result of the step before; in the first step, what the last answer said. */
  previous?: Answer;
  /** True when `previous` belongs to this message ("find ... and save it"). */
  chained: boolean;
  /** Set when the person has just said yes; the text is the question they answered. */
  confirmed?: string;
  /** No answer of this provider stands in the transcript yet. */
  first: boolean;
  /** Where a model for meanings is installed: the rule that a text means, by id, although no phrasing matches. */
  meaning?: { ruleOf(text: string): string | undefined; lastResort: string };
}

export interface Match {
  /** 0 to 1. From 0.8 on the rule is sure; between 0.5 and 0.8 a rule that writes asks first; below it is no match. */
  score: number;
  slots: Slots;
}

export interface Rule {
  /** `group.name` */
  id: string;
  group: "memory" | "files" | "lists" | "exact" | "web" | "shell" | "status" | "talk";
  /** Begins a line of help: "Remember something". Empty: not listed. */
  title: string;
  /** Utterances that match; the first is shown in help. Also compared when nothing matches. */
  examples: readonly string[];
  /** Each entry is a list of alternatives of which one must be in the session's tools. */
  needs?: readonly (readonly string[])[];
  /** Changes something, so a medium score asks first. */
  writes?: boolean;
  /** The plan itself may ask for a yes. Of a request that was confirmed only such parts are done again. */
  asks?(slots: Slots): boolean;
  /** The slots hold free text, in which "and" does not separate two requests. */
  freeText?: boolean;
  /** Also asked about texts longer than a phrase; its patterns then take time in proportion to the length. */
  longText?: boolean;
  match(text: string, turn: Turn): Match | undefined;
  /** Completes "Say yes to ..."; needed when `writes`. */
  describe?(slots: Slots): string;
  plan(slots: Slots, turn: Turn): Plan;
}

export const sure = 0.8;
export const possible = 0.5;

/** A phrasing and how sure it is. Named groups become slots. */
export type Form = readonly [pattern: RegExp, score: number];

/** The best of the forms that match; empty groups are left out. */
export function matchForms(text: string, forms: readonly Form[]): Match | undefined {
  let best: Match | undefined;
  for (const [pattern, score] of forms) {
    if (best && best.score >= score) continue;
    const found = pattern.exec(text);
    if (!found) continue;
    const groups = Object.entries(found.groups ?? {}).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    best = { score, slots: Object.fromEntries(groups.map(([name, value]) => [name, unquote(value)])) };
  }
  return best;
}

/** `/name rest`: the rest goes into `slot`. */
export function slashForm(text: string, names: readonly string[], slot?: string): Match | undefined {
  const found = /^\/([a-z_]+)(?:@\w+)?:?(?:\s+([\s\S]+))?$/i.exec(text);
  if (!found || !names.includes(found[1]?.toLowerCase() ?? "")) return undefined;
  const rest = found[2]?.trim();
  if (slot && !rest) return undefined;
  return { score: 1, slots: slot && rest ? { [slot]: rest } : {} };
}

export function unquote(text: string): string {
  const trimmed = text.trim();
  const inner = /^(?:"([^"]*)"|'([^']*)'|`([^`]*)`|“([^”]*)”|«\s*([^»]*?)\s*»)$/.exec(trimmed);
  return inner ? (inner.slice(1).find((group) => group !== undefined) ?? "").trim() : trimmed;
}

/** One call and its outcome. */
export function* callTool(request: ToolRequest): Generator<ToolRequest[], ToolOutcome, ToolOutcome[]> {
  const [outcome] = yield [request];
  if (!outcome) return { name: request.name, text: "The tool gave no result.", isError: true };
  // How the exec tool says that a command printed nothing.
  return outcome.text.trim() === "(no output)" ? { ...outcome, text: "" } : outcome;
}

/** The usual answer to a failed call: the tool's own words. */
export function toolFailed(outcome: ToolOutcome): Answer {
  return {
    say: `The ${outcome.name} tool reported: ${outcome.text.trim() || "an error without a message"}`,
    failed: true,
  };
}

/** For answers that take no tool. */
// oxlint-disable-next-line require-yield
export function* answer(value: Answer): Plan {
  return value;
}

export interface FormRule extends Omit<Rule, "match"> {
  forms: readonly Form[];
  /** `/name rest`. Without `slot` the rest is ignored. */
  slash?: { names: readonly string[]; slot?: string };
  /** Last word on the slots; may replace them or take the match back. */
  accept?: (match: Match, turn: Turn) => Match | undefined;
}

/** A rule made of phrasings. */
export function formRule({ forms, slash, accept, ...rule }: FormRule): Rule {
  return {
    ...rule,
    match(text, turn) {
      const match = (slash && slashForm(text, slash.names, slash.slot)) ?? matchForms(text, forms);
      return match && accept ? accept(match, turn) : match;
    },
  };
}
