import { matchForms, type Form, type Rule } from "../engine/rule.ts";
import { saveNote } from "./notes.ts";

const reminderForms: readonly Form[] = [
  [/^remind me (?:to |that |about |of |in |at |on |tomorrow|every )?(?<note>\S.*)$/is, 1],
  [
    /^(?:set|create|add|make|start)(?: up)? (?:a |an |the )?(?:new )?(?:reminder|alarm|timer|cron job)\b(?: (?:to|for|about|that|at|in))?\s*(?<note>.*)$/is,
    1,
  ],
  [/^(?:wake me(?: up)?|ping me|alert me|notify me)\b\s*(?<note>.*)$/is, 0.9],
  [
    /^(?:in \d+ (?:minutes?|hours?)|tomorrow(?: at \S+)?|every (?:day|morning|week|hour)\S*)[, ]+(?:remind|tell|send|message) me\s*(?<note>.*)$/is,
    1,
  ],
  [/^rappelle-moi (?:de |d'|que |dans )?(?<note>\S.*)$/is, 1],
];

/** There is no scheduler yet; a note is what can be offered instead. */
export const reminderRule: Rule = {
  id: "memory.reminder",
  group: "memory",
  title: "",
  examples: ["remind me to call the dentist"],
  freeText: true,
  match: (text) => matchForms(text, reminderForms),
  *plan({ note = "" }, turn) {
    if (!note.trim())
      return {
        say: "I can't set reminders, alarms or timers yet: there is no scheduler in this installation.",
        failed: true,
      };
    if (turn.confirmed !== undefined) return yield* saveNote(note, turn);
    return {
      say: `I can't set reminders yet: there is no scheduler in this installation, so nothing would happen at that time. I can write it down instead. Say yes to save “${note}” to your notes.`,
      failed: true,
    };
  },
};
