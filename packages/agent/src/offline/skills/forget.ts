import { callTool, formRule, toolFailed } from "../engine/rule.ts";
import { contentWords, fold } from "../../tools/memory/words.ts";
import { quote } from "./file-steps.ts";
import { parseNotes } from "./notes.ts";

const topic = "(?<query>\\S.*)";

/** Removing takes a yes to the exact lines. */
export const forgetRule = formRule({
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
