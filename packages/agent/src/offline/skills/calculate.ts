import { answer, slashForm, type Rule } from "../engine/rule.ts";
import { evaluate, formatNumber } from "../exact/expression.ts";

const asking =
  /^(?:what(?:'s| is| are)|calculate|compute|work out|how much (?:is|are|makes?)|evaluate|solve|combien (?:font|fait|vaut)|calcule|quel est|quelle est|que vaut|c'est quoi)\s+/i;

export const calculateRule: Rule = {
  id: "exact.calculate",
  group: "exact",
  title: "Calculate",
  examples: ["what is 15% of 240", "calculate (3 + 4) * 12", "combien font 12 fois 8"],
  match(text) {
    const slash = slashForm(text, ["calc", "calculate"], "expression");
    if (slash) return slash;
    const expression = text.replace(asking, "").replace(/\s*=$/, "");
    // A lone word or number asks nothing.
    if (expression === text && /^(?:[\p{L}]+|[-+]?[\d.,]+)$/u.test(text)) return undefined;
    // A bare date or telephone number is not a subtraction.
    if (expression === text && /^\+?[\d\s]*\d+(?:[-/.]\d+)+$/.test(text) && !/^\d+(?:\.\d+)?\/\d+$/.test(text))
      return undefined;
    return special(expression) === undefined && evaluate(expression) === undefined
      ? undefined
      : { score: 0.95, slots: { expression } };
  },
  plan({ expression = "" }) {
    const value = special(expression) ?? evaluate(expression);
    if (value === undefined)
      return answer({
        say: `I can't calculate “${expression}”. Try something like (3 + 4) * 12 or 15% of 240.`,
        failed: true,
      });
    if (!Number.isFinite(value)) return answer({ say: `${expression} has no finite value.`, failed: true });
    const written = formatNumber(value);
    const say = written.startsWith("≈") ? `${expression} ${written}` : `${expression} = ${written}`;
    return answer({ say, payload: say });
  },
};

/** Percentages as people ask for them. */
function special(expression: string): number | undefined {
  const off = /^(\S+?)\s*(?:%|percent) off (?:of )?(.+)$/i.exec(expression);
  if (off) return evaluate(`(${off[2]}) - (${off[1]}%)`);
  const share =
    /^(?:what )?(?:percent|percentage|%) (?:of )?(\S+) is (\S+)$/i.exec(expression) ??
    swap(/^(\S+) (?:is what percent of|as a percentage of) (\S+)$/i.exec(expression));
  return share ? evaluate(`(${share[2]}) / (${share[1]}) * 100`) : undefined;
}

function swap(found: RegExpExecArray | null): (string | undefined)[] | undefined {
  return found ? [found[0], found[2], found[1]] : undefined;
}
