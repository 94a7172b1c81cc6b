import { answer, formRule, matchForms, slashForm, type Form, type Rule } from "../engine/rule.ts";
import { addPeriod, findPeriod, isoDay, longDay, parseDay, today, weekNumber } from "../exact/calendar.ts";
import { evaluate, formatNumber } from "../exact/expression.ts";
import { convert, findUnit } from "../exact/units.ts";
import { findZone } from "../exact/zones.ts";

const time = formRule({
  id: "exact.time",
  group: "exact",
  title: "Tell the time anywhere",
  examples: ["what time is it in Tokyo", "time in UTC", "quelle heure est-il à Lisbonne"],
  slash: { names: ["time"] },
  forms: [
    [
      /^(?:what(?:'s| is) the |what |the |current |tell me the )?(?:current |local )?time(?: is it)?(?: (?:right )?now)?(?: (?:in|at) (?<place>\S.*?))?(?: (?:right )?now)?$/i,
      1,
    ],
    [/^what time (?:is it|do you have)(?: (?:in|at) (?<place>\S.*?))?(?: (?:right )?now)?$/i, 1],
    [/^quelle heure (?:est-il|il est)(?: (?:à|au|en|aux) (?<place>\S.*?))?(?: maintenant)?$/i, 1],
    [/^(?:il est )?quelle heure(?: (?:à|au|en|aux) (?<place>\S.*))?$/i, 1],
    [/^l'heure (?:à|au|en|aux) (?<place>\S.*)$/i, 0.9],
  ],
  plan({ place }, turn) {
    const zone = place ? findZone(place) : turn.timeZone;
    if (!zone)
      return answer({
        say: `I don't know the time zone of ${place}. Try a large city nearby, or a zone name such as Europe/Lisbon.`,
        failed: true,
      });
    const text = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      weekday: "long",
      hour: "2-digit",
      minute: "2-digit",
      day: "numeric",
      month: "long",
      year: "numeric",
      timeZoneName: "shortOffset",
    });
    const parts = Object.fromEntries(text.formatToParts(turn.now).map(({ type, value }) => [type, value]));
    const clock = `${parts["hour"]}:${parts["minute"]}`;
    const say = `It is ${clock}${place ? ` in ${place}` : ""} (${parts["weekday"]}, ${parts["day"]} ${parts["month"]} ${parts["year"]}, ${zone}, ${parts["timeZoneName"]}).`;
    return answer({ say, payload: say });
  },
});

const count = "(?<count>\\d{1,6}|an?|un|une)";
const unit = "(?<unit>[a-zé]+)";
const dateForms: readonly (readonly [...Form, kind: string])[] = [
  [/^(?:what(?:'s| is) )?(?:the |today's )?(?:day|date)(?: is it| is today| today)?(?: today)?$/i, 1, "today"],
  [/^what(?:'s| is) (?:today|the date today|today's date)$/i, 1, "today"],
  [/^what (?:day|date) (?:is it|is today|it is)(?: today| now)?$/i, 1, "today"],
  [
    /^(?:quel jour (?:sommes-nous|est-on|est-ce)|quelle (?:est la )?date(?: sommes-nous| est-on)?|on est quel jour)(?: aujourd'hui)?$/i,
    1,
    "today",
  ],
  [
    /^(?:what (?:is the |calendar )?)?week(?: number)?(?: is it| is this)(?: now)?$|^what(?:'s| is) the week number$|^quelle semaine sommes-nous$/i,
    1,
    "week",
  ],
  [
    new RegExp(
      `^(?:what (?:day|date|is the date|is|will be) (?:(?:is|was|will)(?: it)?(?: be)? )?)?(?:the date )?${count} ${unit} (?<way>from|after|before) (?<date>\\S.*)$`,
      "i",
    ),
    1,
    "shift",
  ],
  [
    new RegExp(
      `^(?:what (?:day|date|was|is)(?: (?:was|is|of the week was)(?: it)?)? )?${count} ${unit} (?<way>ago)$`,
      "i",
    ),
    1,
    "shift",
  ],
  [
    new RegExp(
      `^(?:what (?:day|date)(?: of the week)? (?:is(?: it)?|will (?:it )?be|will it be) )?in ${count} ${unit}$`,
      "i",
    ),
    1,
    "shift",
  ],
  [
    new RegExp(`^(?:quel jour (?:serons-nous|sera-t-on|ce sera|est-ce) |quelle date )?dans ${count} ${unit}$`, "i"),
    1,
    "shift",
  ],
  [new RegExp(`^(?:quel jour était-on |quel jour c'était )?(?<way>il y a) ${count} ${unit}$`, "i"), 1, "shift"],
  [
    /^how (?:many (?<unit>days|weeks)|long)(?: is it| are there| is there| do i have| left| remain)*(?: left)? (?:until|till|to|before|since|from|'til) (?<date>\S.*)$/i,
    1,
    "distance",
  ],
  [/^(?<unit>days|weeks) (?:until|till|to|before|since) (?<date>\S.*)$/i, 1, "distance"],
  [
    /^combien de (?<unit>jours|semaines)(?: reste-t-il)? (?:avant|jusqu'à|jusqu'au|d'ici|depuis|il y a jusqu'à) (?<date>\S.*)$/i,
    1,
    "distance",
  ],
  [
    /^(?:how many |number of )(?<unit>days|weeks)(?: are)?(?: there)? between (?<start>\S.*?) and (?<date>\S.*)$/i,
    1,
    "distance",
  ],
  [
    /^(?:what|which) (?:day|weekday|day of the week) (?:of the week )?(?:is|was|will be|does|falls?|is on)(?: on)? (?<date>\S.*?)(?: be| fall(?: on)?)?$/i,
    0.95,
    "weekday",
  ],
  [/^when is (?<date>(?:next |this )?[a-z' ]+)$/i, 0.85, "weekday"],
  [/^quel jour (?:est|tombe|était|sera) (?<date>\S.*)$/i, 0.95, "weekday"],
];

const date: Rule = {
  id: "exact.date",
  group: "exact",
  title: "Calculate with dates",
  examples: ["what day is 45 days from today", "days until 25 December", "combien de jours avant noël"],
  match(text, turn) {
    const from = today(turn.now, turn.timeZone);
    for (const [pattern, score, kind] of dateForms) {
      const match = matchForms(text, [[pattern, score]]);
      if (!match) continue;
      const { date: named, start, unit: period } = match.slots;
      if (named !== undefined && parseDay(named, from) === undefined) continue;
      if (start !== undefined && parseDay(start, from) === undefined) continue;
      if (kind === "shift" && !findPeriod(period ?? "")) continue;
      return { score, slots: { ...match.slots, kind } };
    }
    return undefined;
  },
  plan(slots, turn) {
    const from = today(turn.now, turn.timeZone);
    const day = slots["date"] === undefined ? from : (parseDay(slots["date"], from) ?? from);
    switch (slots["kind"]) {
      case "week":
        return answer({ say: `It is week ${weekNumber(from)} (${longDay(from)}).` });
      case "shift": {
        const amount = /^\d+$/.test(slots["count"] ?? "") ? Number(slots["count"]) : 1;
        const back = /^(?:before|ago|il y a)$/i.test(slots["way"] ?? "");
        const result = addPeriod(day, back ? -amount : amount, findPeriod(slots["unit"] ?? "") ?? "day");
        return answer({ say: `${longDay(result)} (${isoDay(result)}).`, payload: isoDay(result) });
      }
      case "distance": {
        const start = slots["start"] === undefined ? from : (parseDay(slots["start"], from) ?? from);
        const days = day - start;
        const size = Math.abs(days);
        const length =
          findPeriod(slots["unit"] ?? "") === "week"
            ? `${formatNumber(size / 7)} weeks (${plural(size)})`
            : plural(size);
        const between =
          slots["start"] === undefined
            ? days >= 0
              ? `until ${longDay(day)}`
              : `since ${longDay(day)}`
            : `between ${longDay(start)} and ${longDay(day)}`;
        return answer({ say: `${length} ${between}.`, payload: `${length} ${between}` });
      }
      default:
        return answer({
          say: slots["kind"] === "weekday" ? `${longDay(day)} (${isoDay(day)}).` : `Today is ${longDay(from)}.`,
          payload: longDay(day),
        });
    }
  },
};

function plural(days: number): string {
  return `${days} day${days === 1 ? "" : "s"}`;
}

const asking =
  /^(?:what(?:'s| is| are)|calculate|compute|work out|how much (?:is|are|makes?)|evaluate|solve|combien (?:font|fait|vaut)|calcule|quel est|quelle est|que vaut|c'est quoi)\s+/i;

const calculate: Rule = {
  id: "exact.calculate",
  group: "exact",
  title: "Calculate",
  examples: ["what is 15% of 240", "calculate (3 + 4) * 12", "combien font 12 fois 8"],
  match(text) {
    const slash = slashForm(text, ["calc", "calculate"], "expression");
    if (slash) return slash;
    const expression = text.replace(asking, "").replace(/\s*=$/, "");
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
  [new RegExp(`^(?:how many|combien de) (?<to>\\S.*?) (?:are |is )?(?:there )?(?:in|dans) ${amount}$`, "iu"), 0.95],
];

function isUnit(name: string): boolean {
  return findUnit(name) !== undefined || currencies.test(name.trim());
}

const units: Rule = {
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

export const exactRules: readonly Rule[] = [time, date, units, calculate];
