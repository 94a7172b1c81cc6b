import { answer, formRule, type Rule } from "../engine/rule.ts";
import { introduction } from "./help.ts";

const greeting = formRule({
  id: "talk.greeting",
  group: "talk",
  title: "",
  examples: [],
  forms: [
    [
      /^(?:hi|hello|hey|hiya|howdy|yo|good (?:morning|afternoon|evening)|bonjour|bonsoir|salut|coucou|hallo|hola)(?: (?:there|openclaw|everyone|all|you|à tous))?[!., ]*(?:how are you(?: doing)?(?: today)?|how's it going|what's up|ça va)?$/i,
      0.9,
    ],
    [
      /^(?:how are you(?: doing)?(?: today)?|how's it going|what's up|ça va|comment (?:ça va|vas-tu|allez-vous))$/i,
      0.9,
    ],
    [/^(?:test|testing|ping)$/i, 0.9],
  ],
  plan: (_slots, turn) =>
    answer({
      say: turn.first
        ? `Hello. ${introduction(turn)}`
        : "Hello. I follow fixed rules and can't chat; say “help” for what I can do.",
    }),
});

const thanks = formRule({
  id: "talk.thanks",
  group: "talk",
  title: "",
  examples: [],
  forms: [
    [
      /^(?:thanks|thank you|thx|ty|cheers|merci|great|perfect|nice|cool|super|parfait)(?: (?:a lot|so much|very much|beaucoup|you|!))*$/i,
      0.9,
    ],
    [/^(?:bye|goodbye|good night|see you(?: later)?|au revoir|bonne nuit|à bientôt)$/i, 0.9],
  ],
  plan: () => answer({ say: "👍" }),
});

/** Turns that nobody typed: the gateway asks, and silence has a fixed form. */
const heartbeat: Rule = {
  id: "talk.heartbeat",
  group: "talk",
  longText: true,
  title: "",
  examples: [],
  match: (text) => (/\breply (?:with )?(?:only )?HEARTBEAT_OK\b/i.test(text) ? { score: 3, slots: {} } : undefined),
  plan: () => answer({ say: "HEARTBEAT_OK" }),
};

const silent: Rule = {
  id: "talk.silent",
  group: "talk",
  longText: true,
  title: "",
  examples: [],
  match: (text) =>
    /\b(?:reply|respond|répondez)\b[^.]{0,80}\bNO_REPLY\b/i.test(text) ? { score: 3, slots: {} } : undefined,
  plan: () => answer({ say: "NO_REPLY" }),
};

export const talkRules: readonly Rule[] = [heartbeat, silent, greeting, thanks];
