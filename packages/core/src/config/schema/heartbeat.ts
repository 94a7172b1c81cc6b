import { duration, flag, int, section, text, type Annotations } from "./dsl.ts";

export function heartbeat(description: string, base: boolean) {
  const d = <T>(value: T): Annotations<T> => (base ? { default: value } : {});
  return section(description, {
    every: duration("Time between beats; a bare number is minutes, 0m switches them off. Default: 30m."),
    activeHours: section("Beats only between these times.", {
      start: text("HH:MM.", { pattern: "^([01]\\d|2[0-3]):[0-5]\\d$", expected: "a time such as 08:30" }),
      end: text("HH:MM, up to 24:00.", {
        pattern: "^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$",
        expected: "a time such as 08:30",
      }),
      timezone: text("user, local, or an IANA zone."),
    }),
    model: text("Model of the beats, provider/model or alias."),
    session: text("Session the beats run in.", d("main")),
    target: text("Where answers go: last, none, or a channel id.", d("last")),
    to: text("Recipient on that channel."),
    accountId: text("Account on that channel."),
    prompt: text("Replaces the built-in instruction word for word."),
    ackMaxChars: int("An answer of HEARTBEAT_OK and no more than this is not delivered.", {
      ...d(300),
      minimum: 0,
      unit: "characters",
    }),
    includeReasoning: flag("Deliver the reasoning too.", d(false)),
  });
}
