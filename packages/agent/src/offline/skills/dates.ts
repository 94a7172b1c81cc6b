import { answer, matchForms, type Form, type Rule } from "../engine/rule.ts";
import { addPeriod, findPeriod, isoDay, longDay, parseDay, today, weekNumber } from "../exact/calendar.ts";
import { formatNumber } from "../exact/expression.ts";

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
  [/^what(?:'s| is) the date (?:of |on )?(?<date>\S.*)$/i, 0.9, "weekday"],
  [/^quel jour (?:est|tombe|était|sera) (?<date>\S.*)$/i, 0.95, "weekday"],
];

export const dateRule: Rule = {
  id: "exact.date",
  group: "exact",
  title: "Calculate with dates",
  examples: ["what day is 45 days from today", "days until 25 December", "combien de jours avant noël"],
  match(text, turn) {
    for (const [pattern, score, kind] of dateForms) {
      const match = matchForms(text, [[pattern, score]]);
      if (!match) continue;
      const from = today(turn.now, turn.timeZone);
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
