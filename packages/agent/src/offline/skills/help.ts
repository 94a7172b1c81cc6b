import { isAvailable, usualExamples } from "../engine/nearest.ts";
import { answer, formRule, type Rule, type Turn } from "../engine/rule.ts";

const groupNames: Readonly<Record<Rule["group"], string>> = {
  memory: "Memory",
  files: "Files",
  lists: "Lists",
  exact: "Exact answers",
  web: "Web",
  shell: "Commands",
  status: "About me",
  talk: "",
};

/** Said once in a session. */
export function introduction(turn: Turn): string {
  const lines = usualExamples(turn, 4).map((example) => `- ${example}`);
  return [
    "**Offline mode (no AI model).** No language model is connected: I follow fixed rules, so I do what I recognise and say so when I don't. Try:",
    ...lines,
    "To connect a model, set an API key or start Ollama; say “connect a model” for the steps.",
  ].join("\n");
}

const help = formRule({
  id: "status.help",
  group: "status",
  title: "Show this help",
  examples: ["help", "what can you do", "aide"],
  slash: { names: ["help", "commands", "start"] },
  forms: [
    [/^(?:(?:i need )?help|help me|\?|commands|examples|menu|aide|aide-moi)$/i, 1],
    [/^what (?:can|do) you do(?: offline| here| now)?$/i, 1],
    [/^what (?:can i (?:ask|say|do)|are (?:your )?(?:commands|skills|capabilities|abilities))(?: you)?$/i, 1],
    [/^(?:show|list)(?: me)?(?: your| the| all)? (?:commands|skills|capabilities|examples|help)$/i, 1],
    [/^how (?:do|can) i (?:use|talk to) (?:you|this|openclaw)$/i, 0.9],
    [/^(?:que (?:peux|sais)-tu faire|qu'est-ce que tu (?:peux|sais) faire|que peux-tu faire)$/i, 1],
  ],
  plan(_slots, turn) {
    const groups = Object.entries(groupNames).flatMap(([group, name]) => {
      const rules = turn.rules.filter((rule) => rule.group === group && rule.title && isAvailable(rule, turn));
      return rules.length > 0
        ? [`**${name}**\n${rules.map((rule) => `- ${rule.title}: “${rule.examples[0]}”`).join("\n")}`]
        : [];
    });
    const missing = turn.rules
      .filter((rule) => rule.title && !isAvailable(rule, turn))
      .map((rule) => rule.title.toLowerCase());
    const absent =
      missing.length > 0
        ? [`Not available in this session, because the tools for it are missing: ${missing.join(", ")}.`]
        : [];
    const opening = "Offline mode (no AI model): I follow fixed rules. What I can do here:";
    return answer({
      say: [
        opening,
        ...groups,
        ...absent,
        "Two requests can be joined: “find my notes about Lisbon and save them to trip.md”.",
      ].join("\n\n"),
    });
  },
});

const tools = formRule({
  id: "status.tools",
  group: "status",
  title: "List the tools of this session",
  examples: ["list your tools", "which tools do you have", "liste tes outils"],
  slash: { names: ["tools"] },
  forms: [
    [/^(?:list|show)(?: me)?(?: your| the| all| available)* tools$/i, 1],
    [/^(?:what|which) tools (?:do you have|are (?:available|there)|can you use)$/i, 1],
    [/^(?:liste|montre)(?:-moi)? (?:tes|les) outils$/i, 1],
  ],
  plan(_slots, turn) {
    const lines = turn.tools.names.map((name) => `- \`${name}\`: ${firstSentence(turn.tools.description(name))}`);
    return answer({
      say: lines.length > 0 ? `Tools of this session:\n${lines.join("\n")}` : "This session has no tools.",
    });
  },
});

function firstSentence(text: string): string {
  return /^[\s\S]*?[.!?](?=\s|$)/.exec(text.trim())?.[0] ?? text.trim();
}

export const helpRules: readonly Rule[] = [help, tools];
