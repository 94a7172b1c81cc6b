import { callTool, formRule, toolFailed, type Form, type Rule } from "../engine/rule.ts";
import { forgetRule } from "./forget.ts";
import { lastResort } from "./meanings.ts";
import { parseNotes, quoted, saveNote, wentByMeaning } from "./notes.ts";
import { reminderRule } from "./reminders.ts";

const questionStart =
  /^(?:what|who|when|where|why|how|which|if|whether|que|qui|quand|où|comment|pourquoi|quel(?:le)?s?)\b/i;
const rememberForms: readonly Form[] = [
  [/^(?:remember|memori[sz]e|don't forget|do not forget|note|keep in mind|record)(?: that|\s*:)\s*(?<note>\S.+)$/is, 1],
  [
    /^(?:make|take|save|add|write|create) (?:a |an |this |the )?(?:quick |new )?(?:note|memory)(?: that| of| to| saying|\s*:)?\s+(?<note>\S.+)$/is,
    0.95,
  ],
  [/^(?:jot|write|note) down(?: that|\s*:)?\s+(?<note>\S.+)$/is, 0.95],
  [/^(?:save|add|put|commit) (?<note>\S.+?) (?:to|in|into) (?:my |your |the )?(?:memory|notes?)$/is, 0.95],
  [
    /^(?:souviens-toi|rappelle-toi|retiens|note|n'oublie pas|mémorise)(?:\s*:| (?:que|qu'|de|d'))\s*(?<note>\S.+)$/is,
    1,
  ],
  [/^(?:remember|don't forget|do not forget|memori[sz]e|note|retiens|mémorise)\s+(?<note>\S+\s+\S.+)$/is, 0.9],
  [/^(?:remember|memori[sz]e)\s+(?<note>\S+)$/is, 0.6],
  [/^(?<note>(?:my|our) [\p{L}' -]+ (?:is|are|was) \S.*)$/isu, 0.6],
  [
    /^(?<note>i (?:like|love|hate|prefer|dislike|live in|work (?:at|for|as)|was born|am allergic to|'m allergic to) \S.*)$/is,
    0.6,
  ],
  [/^(?<note>i'm allergic to \S.*)$/is, 0.6],
  [
    /^(?<note>(?:(?:mon|ma|mes) [\p{L}' -]+ (?:est|sont)|je m'appelle|j'habite|j'aime|je préfère|je travaille) \S.*)$/isu,
    0.6,
  ],
];

const remember = formRule({
  id: "memory.remember",
  group: "memory",
  title: "Remember something",
  examples: [
    "remember that the spare key is with Anna",
    "note: the wifi password is on the fridge",
    "retiens que Paul arrive lundi",
  ],
  needs: [["read"], ["write"]],
  writes: true,
  freeText: true,
  longText: true,
  slash: { names: ["remember", "note"], slot: "note" },
  forms: rememberForms,
  accept(match) {
    const note = match.slots["note"] ?? "";
    // "remember what I said about ..." asks; "note it" works on the step before.
    const asks = questionStart.test(note) && match.score < 1;
    return asks || /^(?:it|that|this|them|these|those|ça|cela|le|les)$/i.test(note) ? undefined : match;
  },
  describe: ({ note = "" }) => `save “${note}” to your notes`,
  plan: ({ note = "" }, turn) => saveNote(note, turn),
});

const rememberPrevious = formRule({
  id: "memory.remember-previous",
  group: "memory",
  title: "",
  examples: ["remember that"],
  needs: [["read"], ["write"]],
  writes: true,
  forms: [
    [
      /^(?:remember|note|memori[sz]e|save|record)(?: down)? (?:it|that|this|them|these|those|the (?:result|answer)s?)(?: (?:to|in) (?:my |your )?(?:memory|notes?))?$/i,
      0.9,
    ],
    [
      /^(?:add|put|save) (?:it|that|this|them|these|those|the (?:result|answer)s?) (?:to|in|into) (?:my |your )?(?:memory|notes?)$/i,
      1,
    ],
    [/^(?:retiens|note|mémorise)(?:-le|-la|-les)?(?: (?:ça|cela))?$/i, 0.9],
  ],
  describe: () => "save my last answer to your notes",
  *plan(_slots, turn) {
    const { previous } = turn;
    if (!previous) return { say: "There is nothing before this that I could note.", failed: true };
    if (previous.failed) return { say: "I noted nothing, because the step before gave no result.", failed: true };
    return yield* saveNote(previous.payload ?? previous.say, turn);
  },
});

const topic = "(?<query>\\S.*)";
const recall = formRule({
  id: "memory.recall",
  group: "memory",
  title: "Find what you told me",
  examples: ["what do I know about Lisbon", "find my notes about the dentist", "que sais-tu sur Lisbonne"],
  needs: [["memory_search"]],
  slash: { names: ["recall", "memory"], slot: "query" },
  forms: [
    [
      new RegExp(
        `^what (?:do|did) (?:i|you|we) (?:know|say|tell you|note|write|have|remember)(?: down)? (?:about|on|regarding|of) ${topic}$`,
        "i",
      ),
      1,
    ],
    [
      new RegExp(
        `^what (?:have i|have you|did i)(?: ever)? (?:told you|said|noted|written|saved|say|tell you) (?:about|on) ${topic}$`,
        "i",
      ),
      1,
    ],
    [
      new RegExp(
        `^(?:find|search|look up|look for|get|show|check|fetch|look (?:in|through))(?: me)?(?: all)? (?:(?:my|the|your) )?(?:notes?|memory|memories)(?: file)? (?:about|on|for|of|with|mentioning|regarding) ${topic}$`,
        "i",
      ),
      1,
    ],
    [
      new RegExp(`^(?:search|find|look for) (?<query>\\S.*?) in (?:my |your |the )?(?:notes?|memory|memories)$`, "i"),
      1,
    ],
    [new RegExp(`^(?:(?:my|any) )?notes? (?:about|on|for) ${topic}$`, "i"), 0.9],
    [
      new RegExp(
        `^(?:do|did) (?:you|i) (?:remember|know|note|write)(?: down)?(?: anything| something)?(?: about)? ${topic}$`,
        "i",
      ),
      0.85,
    ],
    [new RegExp(`^(?:recall|remind me (?:about|of)(?! to)) ${topic}$`, "i"), 0.85],
    [new RegExp(`^tell me (?:everything|what|all)(?: that)? (?:i|you) know about ${topic}$`, "i"), 1],
    [/^(?:what|who|where|when)(?:'s| is| are| was| were) (?<query>(?:my|our) \S.*)$/i, 0.75],
    [/^(?:who is|who's|look up) (?<query>\p{Lu}\S*(?: \p{Lu}\S*)*)$/u, 0.6],
    [/^(?:what|when|where|who)(?:'s| is| are| was) (?<query>\p{Lu}[\p{L}-]*'s \S.*)$/u, 0.7],
    [
      new RegExp(
        `^(?:que |qu'est-ce que |qu')(?:sais-tu|tu sais|je sais|sais-je|ai-je noté|j'ai noté|je t'ai dit)(?: à propos| au sujet)? (?:sur|de|du|des|d')\\s*${topic}$`,
        "i",
      ),
      1,
    ],
    [
      new RegExp(
        `^(?:cherche|trouve|retrouve|montre)(?:-moi)? (?:dans )?(?:mes|les) notes (?:sur|à propos de|concernant|de) ${topic}$`,
        "i",
      ),
      1,
    ],
    [/^(?:quel(?:le)?s? (?:est|sont)|où (?:est|sont)|qui est) (?<query>(?:mon|ma|mes) \S.*)$/i, 0.75],
  ],
  accept(match) {
    const query = match.slots["query"] ?? "";
    if (/^(?:me|myself|moi)$/i.test(query)) return undefined;
    return /^(?:my |mes )?(?:status|session|model|files?|todos?|to-do(?: list)?|tasks?|time|date|tâches|statut|fichiers)$/i.test(
      query,
    )
      ? undefined
      : match;
  },
  *plan({ query = "" }, turn) {
    const outcome = yield* callTool(turn.tools.call("memory_search", { query }));
    if (outcome.isError) return toolFailed(outcome);
    const notes = parseNotes(outcome.text);
    return notes.length > 0
      ? quoted(`What your notes say about ${query}:`, notes.slice(0, 5))
      : { say: `I found nothing about ${query} in your notes.`, failed: true };
  },
});

const listNotes = formRule({
  id: "memory.list",
  group: "memory",
  title: "List your notes",
  examples: ["list my notes", "what do you know about me", "liste mes notes"],
  needs: [["memory_search"]],
  slash: { names: ["notes", "memories"] },
  forms: [
    [
      /^(?:list|show|display|see|read)(?: me)?(?: all)?(?: (?:of )?(?:my|the|your))?(?: latest| recent| saved)? (?:notes|memories|memory)$/i,
      1,
    ],
    [/^what (?:do|did) you (?:remember|know)(?: about me)?$/i, 1],
    [/^what have i (?:told you|noted|saved)(?: so far)?$/i, 0.9],
    [/^(?:liste|montre|affiche)(?:-moi)? (?:toutes )?(?:mes|les) notes$/i, 1],
    [/^(?:que sais-tu|qu'est-ce que tu sais|qu'as-tu retenu)(?: (?:de|sur) moi)?$/i, 1],
  ],
  *plan(_slots, turn) {
    const outcome = yield* callTool(turn.tools.call("memory_search", { query: "*", maxResults: 10 }));
    if (outcome.isError) return toolFailed(outcome);
    const notes = parseNotes(outcome.text);
    return notes.length > 0
      ? quoted("Your notes, newest first:", notes)
      : { say: 'There are no notes yet. Say "remember that ..." to save one.', failed: true };
  },
});

/** A question that no phrasing matches may still be answered by a note; only search by meaning can tell. */
const answerFromNotes: Rule = {
  id: lastResort,
  group: "memory",
  title: "",
  examples: [],
  needs: [["memory_search"]],
  match: () => undefined,
  *plan({ query = "" }, turn) {
    if (!/\?\s*$/.test(query) && !questionStart.test(query)) return { say: "", failed: true };
    const outcome = yield* callTool(turn.tools.call("memory_search", { query, maxResults: 3 }));
    const notes = outcome.isError || !wentByMeaning(outcome.text) ? [] : parseNotes(outcome.text);
    return notes.length > 0 ? quoted("I found this in your notes:", notes) : { say: "", failed: true };
  },
};

export const memoryRules: readonly Rule[] = [
  rememberPrevious,
  remember,
  recall,
  listNotes,
  forgetRule,
  reminderRule,
  answerFromNotes,
];
