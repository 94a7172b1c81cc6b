import { callTool, formRule, toolFailed, type Plan, type Rule, type Turn } from "../engine/rule.ts";
import { fold } from "../../tools/memory/words.ts";
import { appendToFile, fenced, quote, readFile } from "./file-steps.ts";

/** Something that is certainly a file: quoted, with an extension, or with a slash. */
const file =
  "(?<path>\"[^\"]+\"|`[^`]+`|'[^']+'|«[^»]+»|(?![a-z]+:\\/\\/)[\\w.~/\\\\-]*(?:\\.[A-Za-z]\\w{0,9}|\\/[\\w.-]*))";
const theFile = `(?:the |my |le |mon )?(?:file |fichier )?${file}`;
const pronoun =
  "(?:it|that|this|them|these|those|the (?:result|answer|note|line|output)s?|ça|cela|le résultat|la réponse)";
const maxShown = 6_000;

const list = formRule({
  id: "files.list",
  group: "files",
  title: "List files",
  examples: ["list files", "what files are in memory/", "liste les fichiers"],
  needs: [["ls", "list", "exec"]],
  slash: { names: ["ls", "files"] },
  forms: [
    [
      /^(?:list|show|display)(?: me)?(?: all)?(?: the| my)? (?:files|documents|folders|directory|workspace)(?: (?:in|of|under|from) (?:the |my )?(?:folder |directory )?(?<path>\S+))?$/i,
      1,
    ],
    [
      /^(?:what|which) files (?:are(?: there)?|do i have|exist)(?: (?:in|under) (?:the |my )?(?:folder |directory )?(?<path>\S+))?$/i,
      1,
    ],
    [/^ls(?: (?<path>[\w./][\w./-]*))?$/i, 0.9],
    [/^(?:list|show)(?: me)? (?:the )?(?:folder|directory|dossier) (?<path>\S+)$/i, 1],
    [/^what(?:'s| is) in (?:the |my )?(?:folder|directory|workspace)(?: (?<path>\S+))?$/i, 1],
    [
      /^(?:liste|montre|affiche)(?:-moi)? (?:tous )?(?:les|mes) (?:fichiers|documents)(?: (?:dans|de|du) (?:le dossier )?(?<path>\S+))?$/i,
      1,
    ],
    [/^quels fichiers(?: (?:y a-t-il|ai-je|j'ai|sont là))?(?: dans (?<path>\S+))?$/i, 1],
  ],
  *plan({ path = "." }, turn) {
    const place = /^(?:here|workspace|directory|folder|it)$/i.test(path) ? "." : path;
    const outcome = yield* callTool(turn.tools.list(place));
    if (outcome.isError) return toolFailed(outcome);
    const text = outcome.text.trim();
    return text
      ? { say: `Files in ${place === "." ? "the workspace" : place}:\n${fenced(clip(text))}`, payload: text }
      : { say: `${place === "." ? "The workspace" : place} is empty.` };
  },
});

const read = formRule({
  id: "files.read",
  group: "files",
  title: "Read a file",
  examples: ["read notes.txt", "what does trip.md say", "lis notes.txt"],
  needs: [["read"]],
  slash: { names: ["read", "cat"], slot: "path" },
  forms: [
    [
      new RegExp(
        `^(?:read|show|open|cat|print|display|view|see|get)(?: me)?(?: the)?(?: contents?(?: of)?)? ${theFile}$`,
        "i",
      ),
      1,
    ],
    [new RegExp(`^what(?:'s| is)(?: written)? in ${theFile}$`, "i"), 1],
    [new RegExp(`^what does ${theFile} (?:say|contain)$`, "i"), 1],
    [new RegExp(`^(?:lis|ouvre|affiche|montre)(?:-moi)?(?: le contenu (?:de|du))? ${theFile}$`, "i"), 1],
    [new RegExp(`^que (?:dit|contient) ${theFile}$`, "i"), 1],
  ],
  // "What does example.com say" means the site.
  accept: (match) =>
    /^(?:[\w-]+\.)+(?:com|org|net|io|dev|fr|de|uk|eu|gov|edu|info)$/i.test(match.slots["path"] ?? "")
      ? undefined
      : match,
  *plan({ path = "" }, turn) {
    const found = yield* readFile(turn.tools, path);
    if (found.kind === "missing") return missing(path);
    if (found.kind === "failed") return toolFailed(found.outcome);
    if (!found.text.trim()) return { say: `${path} is empty.`, failed: true };
    const more = found.partial ? `\nThis is the beginning; the file has ${found.lines} lines.` : "";
    return { say: `${path}:\n${fenced(clip(found.text))}${more}`, payload: found.text };
  },
});

function missing(path: string) {
  return { say: `There is no file ${path} in the workspace.`, failed: true };
}

function clip(text: string): string {
  return text.length > maxShown ? `${text.slice(0, maxShown)}\n… (${text.length - maxShown} more characters)` : text;
}

const search = formRule({
  id: "files.search",
  group: "files",
  title: "Search in files",
  examples: ["search for invoice in my files", "find budget in notes.txt", "cherche facture dans mes fichiers"],
  needs: [["grep", "exec", "read"]],
  slash: { names: ["grep", "search"], slot: "text" },
  forms: [
    [
      /^(?:search|look|grep|find)(?: for)? (?<text>\S.*?) in (?:all )?(?:my |the |all )?(?:files|documents|workspace)$/i,
      1,
    ],
    [
      /^(?:search|grep|look through)(?: in)? (?:all )?(?:my |the )?(?:files|documents|workspace) for (?<text>\S.*)$/i,
      1,
    ],
    [new RegExp(`^(?:search|look|grep|find)(?: for)? (?<text>\\S.*?) in ${theFile}$`, "i"), 1],
    [new RegExp(`^(?:search|grep) ${theFile} for (?<text>\\S.*)$`, "i"), 1],
    [/^(?:which|what) (?:of my )?(?:files|documents) (?:mention|contain|have)s? (?<text>\S.*)$/i, 1],
    [/^grep (?<text>\S.*)$/i, 0.85],
    [/^(?:cherche|recherche|trouve) (?<text>\S.*?) dans (?:tous )?(?:les|mes) (?:fichiers|documents)$/i, 1],
    [new RegExp(`^(?:cherche|recherche|trouve) (?<text>\\S.*?) dans ${theFile}$`, "i"), 1],
  ],
  *plan({ text = "", path }, turn) {
    if (path !== undefined) return yield* searchOne(text, path, turn);
    const outcome = yield* callTool(turn.tools.grep(text, "."));
    // grep ends with code 1 when nothing matches, which the exec tool reports as a failure.
    const nothing = outcome.isError && /exited with code 1\b/.test(outcome.text);
    if (outcome.isError && !nothing) return toolFailed(outcome);
    const lines = nothing ? [] : outcome.text.split("\n").filter((line) => fold(line).includes(fold(text)));
    if (lines.length === 0) return { say: `No file mentions ${text}.`, failed: true };
    const shown = lines
      .slice(0, 20)
      .map((line) => (line.length > 240 ? `${line.slice(0, 240)}…` : line.replace(/^\.\//, "")));
    return {
      say: `${lines.length} line${lines.length === 1 ? "" : "s"} with “${text}”:\n${fenced(shown.join("\n"))}`,
      payload: shown.join("\n"),
    };
  },
});

function* searchOne(text: string, path: string, turn: Turn): Plan {
  const found = yield* readFile(turn.tools, path);
  if (found.kind === "missing") return missing(path);
  if (found.kind === "failed") return toolFailed(found.outcome);
  const lines = found.text
    .split("\n")
    .flatMap((line, index) => (fold(line).includes(fold(text)) ? [`${index + 1}: ${line}`] : []));
  if (lines.length === 0) return { say: `${path} does not mention ${text}.`, failed: true };
  return {
    say: `In ${path}:\n${fenced(clip(lines.join("\n")))}`,
    payload: lines.map((line) => line.replace(/^\d+: /, "")).join("\n"),
  };
}

const findName = formRule({
  id: "files.find",
  group: "files",
  title: "Find a file by name",
  examples: ["find the file named budget", "where is the file trip.md"],
  needs: [["find", "exec"]],
  slash: { names: ["find"], slot: "name" },
  forms: [
    [/^(?:find|locate|search for) (?:the |a |all )?files? (?:named|called|with the name) (?<name>\S.*)$/i, 1],
    [/^(?:where is|locate) (?:the )?file (?<name>\S+)$/i, 1],
    [/^(?:trouve|où est) (?:le )?fichier (?:nommé |appelé )?(?<name>\S+)$/i, 1],
  ],
  *plan({ name = "" }, turn) {
    const outcome = yield* callTool(turn.tools.find(name));
    if (outcome.isError) return toolFailed(outcome);
    const paths = outcome.text.split("\n").filter((line) => fold(line).includes(fold(name)));
    return paths.length > 0
      ? { say: `Found:\n${fenced(clip(paths.join("\n")))}`, payload: paths.join("\n") }
      : { say: `There is no file whose name contains ${name}.`, failed: true };
  },
});

const write = formRule({
  id: "files.write",
  group: "files",
  title: "Write a file",
  examples: [
    "write buy milk to shopping.txt",
    "create a file plan.md with first draft",
    "écris bonjour dans lettre.txt",
  ],
  needs: [["read"], ["write"]],
  writes: true,
  freeText: true,
  forms: [
    [new RegExp(`^(?:write|save|put|store) (?<text>\\S.*?) (?:to|into|in|as) ${theFile}$`, "is"), 0.9],
    [
      new RegExp(
        `^(?:create|make|write)(?: a| the)?(?: new)?(?: text)? (?:file |note )?(?:called |named )?${file}(?: with(?: the (?:text|content))?| containing| saying|\\s*:)\\s+(?<text>\\S.*)$`,
        "is",
      ),
      1,
    ],
    [new RegExp(`^(?:écris|enregistre|sauvegarde|mets) (?<text>\\S.*?) dans ${theFile}$`, "is"), 0.9],
    [new RegExp(`^crée (?:le |un )?fichier ${file} (?:avec|contenant) (?<text>\\S.*)$`, "is"), 1],
  ],
  accept: (match) => (new RegExp(`^${pronoun}$`, "i").test(match.slots["text"] ?? "") ? undefined : match),
  asks: () => true,
  describe: ({ text = "", path = "" }) => `write “${text}” to ${path}`,
  plan: ({ text = "", path = "" }, turn) => writeWhole(path, text, turn),
});

/** Creates a file. One that has content already is replaced only after a yes. */
function* writeWhole(path: string, text: string, turn: Turn): Plan {
  turn.tools.write(path, text);
  const found = yield* readFile(turn.tools, path);
  if (found.kind === "failed") return toolFailed(found.outcome);
  const exists = found.kind === "text" && found.text.trim() !== "";
  if (exists && found.text.trim() === text.trim()) return { say: `${path} already says exactly that.`, payload: text };
  if (exists && turn.confirmed === undefined)
    return {
      say: `${path} exists already (${found.lines} line${found.lines === 1 ? "" : "s"}). Say yes to replace it, or say “append … to ${path}”.`,
      failed: true,
    };
  const outcome = yield* callTool(turn.tools.write(path, `${text.replace(/\s+$/, "")}\n`));
  return outcome.isError ? toolFailed(outcome) : { say: `Saved to ${path}:\n${quote(brief(text))}`, payload: text };
}

const append = formRule({
  id: "files.append",
  group: "files",
  title: "Add to a file",
  examples: ["append call Paul to notes.txt", "add eggs to shopping.txt", "ajoute du lait à courses.txt"],
  needs: [["read"], ["write"]],
  writes: true,
  freeText: true,
  forms: [
    [new RegExp(`^(?:append|add) (?<text>\\S.*?) (?:to|at the end of|into|in) (?:the end of )?${theFile}$`, "is"), 1],
    [new RegExp(`^(?:ajoute) (?<text>\\S.*?) (?:à|au|dans|à la fin de) ${theFile}$`, "is"), 1],
  ],
  accept: (match) => (new RegExp(`^${pronoun}$`, "i").test(match.slots["text"] ?? "") ? undefined : match),
  describe: ({ text = "", path = "" }) => `add “${text}” to ${path}`,
  plan: ({ text = "", path = "" }, turn) => appendPlan(path, text, turn),
});

function* appendPlan(path: string, text: string, turn: Turn): Plan {
  const failed = yield* appendToFile(turn.tools, path, text);
  return failed ? toolFailed(failed) : { say: `Added to ${path}:\n${quote(brief(text))}`, payload: text };
}

const appending = /^(?:append|add|ajoute)$/i;
const savePrevious = formRule({
  id: "files.save-previous",
  group: "files",
  title: "Save the last result to a file",
  examples: [
    "save that to result.md",
    "find my notes about Lisbon and save them to trip.md",
    "enregistre ça dans resultat.md",
  ],
  needs: [["read"], ["write"]],
  writes: true,
  forms: [
    [
      new RegExp(
        `^(?<verb>save|write|put|store|copy|append|add) ${pronoun} (?:to|into|in|as|at the end of) ${theFile}$`,
        "i",
      ),
      1,
    ],
    [
      new RegExp(
        `^(?<verb>enregistre|sauvegarde|mets|écris|copie|ajoute)(?:-l[ea]s?)?(?: ${pronoun})? (?:dans|à) ${theFile}$`,
        "i",
      ),
      1,
    ],
  ],
  asks: ({ verb = "" }) => !appending.test(verb),
  describe: ({ path = "" }) => `save my last answer to ${path}`,
  *plan({ verb = "", path = "" }, turn) {
    const { previous } = turn;
    if (!previous) return { say: "There is no result before this that I could save.", failed: true };
    if (previous.failed)
      return { say: `I saved nothing to ${path}, because the step before gave no result.`, failed: true };
    const text = previous.payload ?? previous.say;
    return yield* appending.test(verb) ? appendPlan(path, text, turn) : writeWhole(path, text, turn);
  },
});

function brief(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}

export const fileRules: readonly Rule[] = [list, read, search, findName, savePrevious, append, write];
