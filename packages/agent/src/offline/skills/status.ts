import { answer, callTool, formRule, toolFailed, type Rule } from "../engine/rule.ts";

const status = formRule({
  id: "status.session",
  group: "status",
  title: "Show the status of this session",
  examples: ["status", "session status", "statut"],
  needs: [["session_status"]],
  forms: [
    [/^(?:(?:session|system|your|my|show|show me) )*status$/i, 1],
    [/^(?:what(?:'s| is) )?(?:the |your |my )?(?:session |current )?status(?: of (?:this|the|my) session)?$/i, 1],
    [/^(?:show|tell me about) (?:this|the|my) session$/i, 0.9],
    [/^(?:quel est )?(?:ton |le )?(?:statut|état)(?: de la session)?$/i, 1],
  ],
  *plan(_slots, turn) {
    const outcome = yield* callTool(turn.tools.call("session_status", {}));
    return outcome.isError ? toolFailed(outcome) : { say: outcome.text.trim() };
  },
});

const model = formRule({
  id: "status.model",
  group: "status",
  title: "",
  examples: ["which model are you"],
  forms: [
    [
      /^(?:what|which)(?:'s)?(?: is)?(?: (?:your|the|this))?(?: ai| language)? (?:model|llm)(?: (?:are you(?: using| running)?|is (?:this|that|active|connected|used)|do you use|am i (?:using|talking to)))?$/i,
      1,
    ],
    [/^what(?:'s| is) (?:your|the|my)(?: ai| language| current)? model$/i, 1],
    [
      /^(?:are you|is this) (?:an? |really an? )?(?:ai|llm|gpt|chatgpt|claude|gemini|human|robot|bot|language model|person)$/i,
      1,
    ],
    [/^(?:who|what) are you(?: really)?$|^(?:qui es-tu|quel modèle (?:es-tu|utilises-tu))$/i, 1],
  ],
  plan: () =>
    answer({
      say: "Offline mode (no AI model): I am `offline/rules`, a set of fixed rules, not a language model. Say “help” for what I can do, or “connect a model” to change that.",
    }),
});

const keyNames: readonly (readonly [pattern: RegExp, provider: string, variable: string])[] = [
  [/anthropic|claude/i, "Anthropic", "ANTHROPIC_API_KEY"],
  [/openai|gpt/i, "OpenAI", "OPENAI_API_KEY"],
  [/google|gemini/i, "Google", "GEMINI_API_KEY"],
  [/openrouter/i, "OpenRouter", "OPENROUTER_API_KEY"],
  [/mistral/i, "Mistral", "MISTRAL_API_KEY"],
  [/groq/i, "Groq", "GROQ_API_KEY"],
];
const localServers = /ollama|lm ?studio|llama\.?cpp|vllm|litellm|local/i;

const connect = formRule({
  id: "status.connect",
  group: "status",
  title: "Help to connect a language model",
  examples: ["connect a model", "how do I add an API key", "how do I use Ollama", "connecter un modèle"],
  forms: [
    [
      /^(?:how (?:do|can|would|should) (?:i|we|you) )?(?:connect|add|set ?up|configure|install|use|enable|switch to|change|get)(?: (?:to|a|an|the|my|your|another|different|new|real|better|it to|up))* ?(?<what>(?:language |ai |local )?(?:model|llm)s?|(?:\w+ )?api[- ]keys?|anthropic|claude|openai|chatgpt|gpt\S*|google gemini|gemini|openrouter|mistral|groq|ollama|lm ?studio|llama\.?cpp|vllm)(?: (?:model|key|provider|api key))?(?: (?:here|to openclaw|in openclaw|instead))?$/i,
      1,
    ],
    [/^(?:switch|change)(?: the| my)? model(?: to (?<what>\S.*))?$/i, 1],
    [
      /^(?:comment )?(?:connecter|connecte|ajouter|ajoute|configurer|configure|utiliser)(?: (?:un|une|le|la|mon|ma))? ?(?<what>modèle|clé(?: d')?(?: ?api)?|ollama|openai|anthropic|claude|gemini)$/i,
      1,
    ],
  ],
  plan: ({ what = "" }) => answer({ say: connectSteps(what) }),
});

function connectSteps(what: string): string {
  const known = keyNames.find(([pattern]) => pattern.test(what));
  if (known) return keySteps(known[1], known[2]);
  if (localServers.test(what)) return localSteps;
  return [
    "There are three ways to connect a language model.",
    `**1. An API key.** ${keySteps("Anthropic", "ANTHROPIC_API_KEY")}\nOther providers: ${keyNames
      .slice(1)
      .map(([, name, variable]) => `${name} \`${variable}\``)
      .join(", ")}.`,
    `**2. A model on this machine.** ${localSteps}`,
    `**3. Any OpenAI-compatible server**, in \`openclaw.json\`:\n${configSnippet}`,
    "Check with `openclaw models status`. Never send a key in this chat: it would stay in the history.",
  ].join("\n\n");
}

function keySteps(provider: string, variable: string): string {
  return `For ${provider}, put the line \`${variable}=...\` with your key into the file \`.env\` in the state directory (usually \`~/.openclaw/.env\`), or set it in the environment, and restart the gateway. Then choose a model with \`openclaw models set\`; \`openclaw models list\` shows them.`;
}

const localSteps =
  "Install Ollama, then `ollama pull qwen3` (any model that can call tools) and `ollama serve`. Your next message finds it on port 11434 by itself, without a restart. LM Studio (1234), llama.cpp (8080), vLLM (8000) and LiteLLM (4000) are found in the same way.";

const configSnippet = [
  "```json5",
  "{",
  '  models: { providers: { mine: { baseUrl: "http://127.0.0.1:8080/v1", api: "openai-completions",',
  '    apiKey: "${MY_KEY}", models: [{ id: "my-model", name: "My model" }] } } },',
  '  agents: { defaults: { model: { primary: "mine/my-model" } } },',
  "}",
  "```",
].join("\n");

/** The common shapes of keys: a prefix and a long random part. */
const keyShape =
  /(?:^|[\s"'=:])(?:sk-[A-Za-z0-9_-]{16,}|AIza[A-Za-z0-9_-]{30,}|gsk_[A-Za-z0-9]{20,}|xai-[A-Za-z0-9]{20,}|hf_[A-Za-z0-9]{20,})(?:$|[\s"',.])/;

/** A key pasted into the chat: not repeated, not saved, and the person told what to do. Beats every other rule. */
const pastedKey: Rule = {
  id: "status.pasted-key",
  group: "talk",
  longText: true,
  title: "",
  examples: [],
  match: (text) => (keyShape.test(text) ? { score: 2, slots: {} } : undefined),
  plan: () =>
    answer({
      say: "That looks like an API key. I did not use or save it, but it now stands in this chat's history: delete the message, and revoke the key if others can read it. Put the key into the file `.env` in the state directory instead; say “connect a model” for the steps.",
    }),
};

export const statusRules: readonly Rule[] = [pastedKey, status, model, connect];
