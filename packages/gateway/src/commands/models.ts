import type { Command } from "./command.ts";

/** More than this nobody reads in a chat. */
const LISTED = 60;

export const models: Command = {
  name: "models",
  args: "[provider]",
  description: "Models by provider.",
  section: "Model and answers",
  async run(args, { sessionKey }, { agents, sessions }) {
    const agent = await agents.get(sessions.agentOf(sessionKey));
    const all = (await agent.models()).map((model, index) => ({ ...model, number: index + 1 }));
    const providers = Map.groupBy(all, ({ provider }) => provider);
    const wanted = args.trim().toLowerCase();
    const found = providers.get(wanted);
    if (found) {
      const lines = found
        .slice(0, LISTED)
        .map(({ number, id, name }) => `${number}. ${id}${name && name !== id ? ` · ${name}` : ""}`);
      const more = found.length > LISTED ? [`… and ${found.length - LISTED} more`] : [];
      return {
        reply: [`Models of ${wanted}:`, ...lines, ...more, "Choose one with /model and its number."].join("\n"),
      };
    }
    const list = [...providers].map(
      ([provider, entries]) => `/models ${provider} · ${entries.length === 1 ? "1 model" : `${entries.length} models`}`,
    );
    return {
      reply: [wanted ? `No models of "${wanted.slice(0, 40)}". There are:` : "Models by provider:", ...list].join("\n"),
    };
  },
};
