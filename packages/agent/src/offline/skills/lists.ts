import { callTool, formRule, toolFailed, type Plan, type Rule, type Turn } from "../engine/rule.ts";
import { fold } from "../../tools/memory/words.ts";
import { appendToFile, readFile } from "./file-steps.ts";

const todo = "to-?dos?(?: list)?|tasks?(?: list)?";
const anyList = `(?:${todo}|list|(?!(?:the|my|our|a|this)\\b)(?<list>[\\p{L}][\\p{L}\\p{N} -]{0,30}?) list)`;

interface Item {
  line: string;
  text: string;
  done: boolean;
}

function pathOf(list: string | undefined): string {
  const name = fold(list ?? "").trim();
  if (!name || /^(?:to-?do|task|tache)s?$/.test(name)) return "TODO.md";
  return `lists/${name.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}.md`;
}

function titleOf(list: string | undefined): string {
  return pathOf(list) === "TODO.md" ? "to-do list" : `${list?.trim()} list`;
}

function parseItems(text: string): Item[] {
  return text.split("\n").flatMap((line) => {
    const found = /^\s*[-*] \[([ xX])\] (.+?)\s*$/.exec(line);
    return found?.[2] ? [{ line, text: found[2], done: found[1] !== " " }] : [];
  });
}

const add = formRule({
  id: "lists.add",
  group: "lists",
  title: "Add to a list",
  examples: [
    "add buy milk to my todo list",
    "add eggs to my shopping list",
    "todo: call the plumber",
    "ajoute du pain à ma liste de courses",
  ],
  needs: [["read"], ["write"]],
  writes: true,
  freeText: true,
  slash: { names: ["todo", "task"], slot: "item" },
  forms: [
    [new RegExp(`^(?:add|put|append) (?<item>\\S.*?) (?:to|on|in|onto) (?:my |the |our )?${anyList}$`, "iu"), 1],
    [
      /^(?:(?:new |add (?:a )?)?(?:todo|to-do|task)\s*:|add (?:a )?(?:new )?(?:todo|to-do|task)(?: to)?|todo add|new (?:todo|to-do|task))\s+(?<item>\S.*)$/i,
      1,
    ],
    [/^ajoute (?<item>\S.*?) (?:à|dans|sur) (?:ma|la) liste(?: (?:de |des |d')(?<list>[\p{L} -]+))?$/iu, 1],
    [/^(?:nouvelle )?tâche\s*:\s*(?<item>\S.*)$/i, 1],
  ],
  describe: ({ item = "", list }) => `add “${item}” to your ${titleOf(list)}`,
  *plan({ item = "", list }, turn) {
    const title = titleOf(list);
    const failed = yield* appendToFile(
      turn.tools,
      pathOf(list),
      `- [ ] ${item}`,
      `# ${title[0]?.toUpperCase()}${title.slice(1)}\n\n`,
    );
    return failed ? toolFailed(failed) : { say: `Added to your ${title}: ${item}`, payload: item };
  },
});

const show = formRule({
  id: "lists.show",
  group: "lists",
  title: "Show a list",
  examples: ["show my todo list", "what's on my shopping list", "montre mes tâches"],
  needs: [["read"]],
  slash: { names: ["todos", "tasks"] },
  forms: [
    [new RegExp(`^(?:list|show|read|display|see|open)(?: me)?(?: all)? (?:my |the |our )${anyList}$`, "iu"), 1],
    [new RegExp(`^(?:list|show)(?: me)?(?: all)? (?:${todo})$`, "i"), 1],
    [new RegExp(`^what(?:'s| is| are)(?: still| left)? (?:on|in) (?:my |the |our )${anyList}$`, "iu"), 1],
    [
      /^what (?:do i (?:have|need) to do|are my (?:open )?(?:todos|to-dos|tasks)|should i do(?: today| next)?)(?: today)?$/i,
      1,
    ],
    [/^(?:my )?(?:todos|to-dos|todo list|to-do list|tasks)$/i, 0.9],
    [/^(?:montre|liste|affiche)(?:-moi)? (?:mes tâches|ma liste(?: (?:de |des |d')(?<list>[\p{L} -]+))?)$/iu, 1],
    [/^(?:mes tâches|que dois-je faire|qu'est-ce que je dois faire)$/i, 1],
  ],
  *plan({ list }, turn) {
    const title = titleOf(list);
    const file = yield* readFile(turn.tools, pathOf(list));
    if (file.kind === "failed") return toolFailed(file.outcome);
    const items = file.kind === "text" ? parseItems(file.text) : [];
    if (items.length === 0) return { say: `Your ${title} is empty.`, failed: true };
    const open = items.filter((item) => !item.done);
    const done = items.length - open.length;
    const lines = open.map((item, index) => `${index + 1}. ${item.text}`);
    const tail = done > 0 ? `\n(${done} done)` : "";
    return {
      say:
        open.length > 0
          ? `Your ${title}:\n${lines.join("\n")}${tail}`
          : `Everything on your ${title} is done (${done}).`,
      payload: open.map((item) => `- ${item.text}`).join("\n"),
    };
  },
});

const done = formRule({
  id: "lists.done",
  group: "lists",
  title: "Tick an item off",
  examples: ["mark buy milk as done", "done 2", "tick off eggs on my shopping list", "marque pain comme fait"],
  needs: [["read"], ["edit"]],
  writes: true,
  slash: { names: ["done"], slot: "item" },
  forms: [
    [
      new RegExp(
        `^(?:mark|set|tick|check|cross) (?:off )?(?:task |item |todo )?(?<item>\\S.*?)(?: (?:as )?(?:done|off|complete|completed|finished))(?: (?:on|from|in) (?:my |the )?${anyList})?$`,
        "iu",
      ),
      1,
    ],
    [
      new RegExp(
        `^(?:tick|check|cross) off (?:task |item |todo )?(?<item>\\S.*?)(?: (?:on|from|in) (?:my |the )?${anyList})?$`,
        "iu",
      ),
      1,
    ],
    [/^(?:complete|finish) (?:task|todo|item|to-do)(?: number)? (?<item>\S.*)$/i, 1],
    [/^(?:todo|task) done\s+(?<item>\S.*)$/i, 1],
    [/^done(?: with)?:? (?<item>\d+|\S.*)$/i, 0.85],
    [
      /^(?:marque|coche) (?<item>\S.*?)(?: comme (?:fait|faite|terminé|terminée))(?: (?:dans|sur) (?:ma|la) liste(?: (?:de |des |d')(?<list>[\p{L} -]+))?)?$/iu,
      1,
    ],
  ],
  describe: ({ item = "", list }) => `tick “${item}” off your ${titleOf(list)}`,
  plan: ({ item = "", list }, turn) => tick(item, list, turn),
});

function* tick(wanted: string, list: string | undefined, turn: Turn): Plan {
  const path = pathOf(list);
  turn.tools.edit(path, "", "");
  const file = yield* readFile(turn.tools, path);
  if (file.kind === "failed") return toolFailed(file.outcome);
  const open = file.kind === "text" ? parseItems(file.text).filter((item) => !item.done) : [];
  const number = /^#?(\d+)$/.exec(wanted)?.[1];
  const key = fold(wanted);
  const found = number
    ? open.slice(Number(number) - 1, Number(number))
    : open.filter((item) => fold(item.text).includes(key));
  const exactly = found.filter((item) => fold(item.text) === key);
  const [item, ...others] = exactly.length > 0 ? exactly : found;
  if (!item) return { say: `There is no open item “${wanted}” on your ${titleOf(list)}.`, failed: true };
  if (others.length > 0)
    return {
      say: `Several items match “${wanted}”: ${found.map(({ text }) => text).join("; ")}. Which one?`,
      failed: true,
    };
  const outcome = yield* callTool(turn.tools.edit(path, item.line, item.line.replace("[ ]", "[x]")));
  return outcome.isError ? toolFailed(outcome) : { say: `Done: ${item.text}`, payload: item.text };
}

export const listRules: readonly Rule[] = [done, add, show];
