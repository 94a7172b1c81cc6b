import {
  callTool,
  formRule,
  matchForms,
  toolFailed,
  type Answer,
  type Form,
  type Plan,
  type Rule,
  type Turn,
} from "../engine/rule.ts";
import { contentWords, fold } from "../../tools/memory/words.ts";
import { isoDay, today } from "../exact/calendar.ts";
import { appendToFile, quote } from "./file-steps.ts";

/** As the memory_search tool reports it. */
interface Note {
  path: string;
  startLine: number;
  endLine: number;
  date: string;
  snippet: string;
}

export function parseNotes(text: string): Note[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const results = typeof value === "object" && value !== null && "results" in value ? value.results : [];
  if (!Array.isArray(results)) return [];
  return results.flatMap((entry: unknown) => {
    if (typeof entry !== "object" || entry === null) return [];
    const { path, startLine, endLine, date, snippet } = {
      path: "",
      startLine: 0,
      endLine: 0,
      date: "",
      snippet: "",
      ...entry,
    };
    return typeof snippet === "string" && snippet ? [{ path, startLine, endLine, date, snippet }] : [];
  });
}

/** Writes one line into the note of the day. */
export function* saveNote(note: string, turn: Turn): Plan {
  const day = isoDay(today(turn.now, turn.timeZone));
  const path = `memory/${day}.md`;
  const line = `- ${note.replace(/\s*\n\s*/g, "\n  ")}`;
  const failed = yield* appendToFile(turn.tools, path, line, `# ${day}\n\n`);
  return failed ? toolFailed(failed) : { say: `Saved to ${path}:\n${quote(line)}`, payload: note };
}

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

function quoted(opening: string, notes: readonly Note[]): Answer {
  const blocks = notes.map((note) => `${quote(note.snippet)}\n— ${source(note)}`);
  return {
    say: [opening, ...blocks].join("\n\n"),
    payload: notes.map((note) => `${note.snippet.trim()}\n(${source(note)})`).join("\n\n"),
  };
}

function source({ path, startLine, endLine, date }: Note): string {
  return `${path}, line${endLine > startLine ? `s ${startLine}–${endLine}` : ` ${startLine}`} (${date})`;
}

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

const forget = formRule({
  id: "memory.forget",
  group: "memory",
  title: "Forget a note",
  examples: ["forget the note about the spare key", "delete my notes about Lisbon", "oublie le code du portail"],
  needs: [["memory_search"], ["edit"]],
  freeText: true,
  slash: { names: ["forget"], slot: "query" },
  forms: [
    [
      new RegExp(
        `^(?:forget|delete|remove|erase)(?: (?:the|my|all|any|your))*(?: notes?| memor(?:y|ies)| entry)(?: that says| saying| about| on| of| for| with)? ${topic}$`,
        "i",
      ),
      1,
    ],
    [/^(?:delete|remove|erase) (?<query>\S.*?) from (?:my |your )?(?:memory|notes?)$/i, 1],
    [new RegExp(`^forget (?:about |that |everything about |what i (?:said|told you) about )?${topic}$`, "i"), 0.9],
    [
      new RegExp(
        `^(?:oublie|efface|supprime)(?: (?:les?|la|mes?|ma) notes?(?: sur| de| à propos de)?| que| ce que je t'ai dit sur)? ${topic}$`,
        "i",
      ),
      0.9,
    ],
  ],
  accept: (match) => (/^(?:it|that|about it|ça|it all)$/i.test(match.slots["query"] ?? "") ? undefined : match),
  *plan({ query = "" }, turn) {
    const { tools, confirmed } = turn;
    tools.edit("", "", "");
    const outcome = yield* callTool(tools.call("memory_search", { query, maxResults: 10 }));
    if (outcome.isError) return toolFailed(outcome);
    const wanted = contentWords(query);
    const lines = parseNotes(outcome.text).flatMap(({ path, snippet }) =>
      snippet
        .split("\n")
        .filter((line) => line.trim() && !line.startsWith("#") && wanted.every((word) => fold(line).includes(word)))
        .map((line) => ({ path, line })),
    );
    const found = lines.filter(
      ({ path, line }, index) => lines.findIndex((other) => other.path === path && other.line === line) === index,
    );
    if (wanted.length === 0 || found.length === 0)
      return { say: `I found no note that mentions ${query}, so there is nothing to remove.`, failed: true };
    if (found.length > 10)
      return {
        say: `${found.length} lines mention ${query}. Please say more exactly which one to forget.`,
        failed: true,
      };
    if (confirmed === undefined) {
      const shown = found.map(({ path, line }) => `${quote(line)}\n— ${path}`).join("\n\n");
      return {
        say: `${shown}\n\nSay yes to remove ${found.length === 1 ? "this line" : `these ${found.length} lines`}.`,
      };
    }
    // Only what stood in the question was agreed to.
    const agreed = found.filter(({ line }) => confirmed.includes(line));
    const removed: string[] = [];
    for (const { path, line } of agreed) {
      let edit = yield* callTool(tools.edit(path, `${line}\n`, ""));
      if (edit.isError) edit = yield* callTool(tools.edit(path, line, ""));
      if (edit.isError) return toolFailed(edit);
      removed.push(`${quote(line)}\n— ${path}`);
    }
    return {
      say:
        removed.length > 0
          ? `Removed:\n${removed.join("\n\n")}`
          : "Those lines are no longer there; I removed nothing.",
    };
  },
});

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
const reminder: Rule = {
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

export const memoryRules: readonly Rule[] = [rememberPrevious, remember, recall, listNotes, forget, reminder];
