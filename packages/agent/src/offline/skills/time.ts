import { answer, formRule } from "../engine/rule.ts";
import { findZone } from "../exact/zones.ts";

export const timeRule = formRule({
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
