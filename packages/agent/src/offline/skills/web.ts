import { answer, callTool, formRule, toolFailed, type Rule } from "../engine/rule.ts";
import { extractSentences } from "../exact/extract.ts";
import { readFile } from "./file-steps.ts";

const url = "(?<url>https?:\\/\\/\\S+)";
const place = `(?:(?:the )?(?:page|site|website|url|link|article) (?:at )?)?(?:${url}|(?<host>(?:[a-z0-9-]+\\.)+(?:com|org|net|io|dev|fr|de|uk|eu|gov|edu|info)(?:\\/\\S*)?))`;

/** The text between the markers that fetched content is wrapped in, without the header lines of the tool. */
export function unwrapFetched(text: string): string {
  const inner =
    /<<<EXTERNAL_UNTRUSTED_CONTENT>>>\n?([\s\S]*?)\n?<<<END_EXTERNAL_UNTRUSTED_CONTENT>>>/.exec(text)?.[1] ?? text;
  return inner.trim();
}

function address(slots: Readonly<Record<string, string>>): string {
  return (slots["url"] ?? `https://${slots["host"] ?? ""}`).replace(/[.,;:!?)\]]+$/, "");
}

const fetch = formRule({
  id: "web.fetch",
  group: "web",
  title: "Fetch a web page",
  examples: ["fetch https://example.com", "read https://example.com/news", "ouvre https://example.com"],
  needs: [["web_fetch"]],
  slash: { names: ["fetch"], slot: "url" },
  forms: [
    [
      new RegExp(
        `^(?:fetch|get|open|read|show|download|load|visit|browse|go to|what does|what(?:'s| is) (?:on|at))(?: me)? ${place}(?: say)?$`,
        "i",
      ),
      1,
    ],
    [new RegExp(`^(?:récupère|ouvre|lis|affiche|télécharge|va sur)(?:-moi)?(?: la page)? ${place}$`, "i"), 1],
    [new RegExp(`^${url}$`, "i"), 0.85],
  ],
  *plan(slots, turn) {
    const outcome = yield* callTool(turn.tools.call("web_fetch", { url: address(slots) }));
    if (outcome.isError) return toolFailed(outcome);
    const text = unwrapFetched(outcome.text);
    if (!text) return { say: `${address(slots)} has no readable text.`, failed: true };
    const shown =
      text.length > 3_000
        ? `${text.slice(0, 3_000)}…\n\n(${text.length - 3_000} more characters; say “summarise ${address(slots)}” for an extract)`
        : text;
    return { say: `${address(slots)}:\n\n${shown}`, payload: text };
  },
});

const file = '(?<path>"[^"]+"|`[^`]+`|[\\w.~/\\\\-]*\\.[A-Za-z]\\w{0,9})';
const verb =
  "(?:summari[sz]e|sum up|tl;?dr|(?:give me |make |show me )?(?:a |an |the )?(?:short )?(?:summary|extract|gist) of|résume|résumer|(?:fais|donne)(?:-moi)? un résumé (?:de|du))";
const summary = formRule({
  id: "web.summary",
  group: "files",
  title: "Extract the main sentences",
  examples: ["summarise report.md", "summarise https://example.com", "résume rapport.md"],
  needs: [["read", "web_fetch"]],
  slash: { names: ["summarize", "summarise", "summary", "tldr"], slot: "what" },
  forms: [
    [new RegExp(`^${verb} (?:the )?(?:file |page |article )?${url}$`, "i"), 1],
    [new RegExp(`^${verb} (?:the |le )?(?:file |document |fichier )?${file}$`, "i"), 1],
    [new RegExp(`^${verb} (?:it|that|this|them|these|those|the (?:page|file|result|text)|ça|cela)$`, "i"), 0.9],
    [/^résume(?:-le|-la|-les)$/i, 0.9],
  ],
  accept(match) {
    const { what } = match.slots;
    if (what === undefined) return match;
    return { ...match, slots: /^https?:/i.test(what) ? { url: what } : { path: what } };
  },
  *plan(slots, turn) {
    let text: string;
    let name: string;
    if (slots["url"] !== undefined) {
      name = address(slots);
      const outcome = yield* callTool(turn.tools.call("web_fetch", { url: name }));
      if (outcome.isError) return toolFailed(outcome);
      text = unwrapFetched(outcome.text);
    } else if (slots["path"] !== undefined) {
      name = slots["path"];
      const found = yield* readFile(turn.tools, name);
      if (found.kind === "missing") return { say: `There is no file ${name} in the workspace.`, failed: true };
      if (found.kind === "failed") return toolFailed(found.outcome);
      text = found.text;
    } else {
      if (!turn.previous) return { say: "There is no text before this. Name a file or an address.", failed: true };
      if (turn.previous.failed)
        return { say: "There is nothing to take an extract of, because the step before gave no result.", failed: true };
      name = "the text above";
      text = turn.previous.payload ?? turn.previous.say;
    }
    const sentences = extractSentences(text, 5);
    if (sentences.length === 0) return { say: `${name} has no sentences to choose from.`, failed: true };
    return {
      say: `Extract of ${name} (sentences taken from it, nothing rewritten):\n${sentences.map((sentence) => `- ${sentence}`).join("\n")}`,
      payload: sentences.join("\n"),
    };
  },
});

const searchWeb = formRule({
  id: "web.search",
  group: "web",
  title: "Search the web",
  examples: ["search the web for rust news"],
  needs: [["web_search"]],
  forms: [
    [/^(?:search|look up|browse)(?: on)? (?:the )?(?:web|internet|online|google) (?:for |about )?(?<query>\S.*)$/i, 1],
    [/^(?:google|duckduckgo) (?<query>\S.*)$/i, 0.9],
    [/^search (?:for )?(?<query>\S.*) (?:on the web|on the internet|online|on google)$/i, 1],
    [/^cherche (?<query>\S.*) (?:sur (?:le web|internet|google)|en ligne)$/i, 1],
  ],
  plan({ query = "" }, turn) {
    if (!turn.tools.has("web_search"))
      return answer({
        say: "Web search isn't available in this session. I can fetch a page when you give me its address.",
        failed: true,
      });
    return (function* () {
      const outcome = yield* callTool(turn.tools.call("web_search", { query }));
      return outcome.isError ? toolFailed(outcome) : { say: unwrapFetched(outcome.text) };
    })();
  },
});

export const webRules: readonly Rule[] = [fetch, summary, searchWeb];
