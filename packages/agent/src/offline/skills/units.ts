import { answer, matchForms, slashForm, type Form, type Rule } from "../engine/rule.ts";
import { evaluate, formatNumber } from "../exact/expression.ts";
import { convert, findUnit } from "../exact/units.ts";

const currencies =
  /^(?:dollars?|usd|euros?|eur|pounds? sterling|gbp|yen|jpy|francs?|chf|rupees?|inr|bitcoins?|btc|[$€£¥])$/i;
const amount = "(?<amount>-?[\\d.,]*\\d)\\s*(?<from>°?\\s*[\\p{L}µ²³$€£¥][\\p{L}µ²³/0-9 -]*?)";
const unitForms: readonly Form[] = [
  [
    new RegExp(
      `^(?:convert|change|turn|convertis|convertir)\\s+${amount} (?:to|into|in|en) (?<to>\\S+(?: \\S+){0,2})$`,
      "iu",
    ),
    1,
  ],
  [
    new RegExp(
      `^(?:what(?:'s| is)|how much (?:is|are)|combien (?:font|fait))?\\s*${amount} (?:in|to|into|as|en) (?<to>\\S.*)$`,
      "iu",
    ),
    0.95,
  ],
  [
    new RegExp(`^(?:how many|combien de) (?<to>\\S.*?) (?:are |is )?(?:there )?(?:in|is|are|dans) ${amount}$`, "iu"),
    0.95,
  ],
];

function isUnit(name: string): boolean {
  return findUnit(name) !== undefined || currencies.test(name.trim());
}

export const unitRule: Rule = {
  id: "exact.units",
  group: "exact",
  title: "Convert units",
  examples: [
    "convert 10 km to miles",
    "72 fahrenheit in celsius",
    "how many grams in 3 ounces",
    "convertis 5 kg en livres",
  ],
  match(text) {
    const slash = slashForm(text, ["convert"], "rest");
    const match = matchForms(slash ? `convert ${slash.slots["rest"]}` : text, unitForms);
    if (!match) return undefined;
    const { from = "", to = "" } = match.slots;
    const explicit = /^(?:\/|convert)/i.test(text);
    return isUnit(from) && isUnit(to)
      ? match
      : explicit && (isUnit(from) || isUnit(to))
        ? { ...match, score: 0.8 }
        : undefined;
  },
  plan({ amount: written = "", from = "", to = "" }) {
    if (currencies.test(from.trim()) || currencies.test(to.trim()))
      return answer({
        say: "I can't convert currencies: exchange rates change, and I have none offline.",
        failed: true,
      });
    const source = findUnit(from);
    const target = findUnit(to);
    const value = evaluate(`${written} * 1`);
    if (!source || !target || value === undefined)
      return answer({ say: `I don't know the unit “${source ? to : from}”.`, failed: true });
    const result = convert(value, source, target);
    if (result === undefined)
      return answer({
        say: `${from} and ${to} measure different things (${source.kind} and ${target.kind}).`,
        failed: true,
      });
    const say = `${formatNumber(value)} ${source.symbol} = ${formatNumber(Number(result.toPrecision(8)))} ${target.symbol}`;
    return answer({ say, payload: say });
  },
};
