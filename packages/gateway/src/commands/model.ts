import { applySessionPatch } from "../sessions/session-patch.ts";
import type { Command } from "./command.ts";

const LISTED = 12;

export const model: Command = {
  name: "model",
  args: "[provider/model | alias | default]",
  description: "Show or change the model of this conversation.",
  async run(args, { sessionKey }, { agents, config, sessions }) {
    const agent = await agents.get(sessions.agentOf(sessionKey));
    const wanted = args.trim();
    if (wanted === "" || wanted === "status" || wanted === "list") {
      const entry = sessions.entry(sessionKey);
      const now = await agent.resolveModel(entry?.modelOverride && `${entry.providerOverride}/${entry.modelOverride}`);
      const known = (await agent.models()).slice(0, LISTED).map(({ provider, id }) => `· ${provider}/${id}`);
      return { reply: [`Model: ${now.provider}/${now.model} (from ${now.source})`, ...known, "Change it with /model <provider/model>, undo with /model default."].join("\n") };
    }
    const reset = ["default", "reset"].includes(wanted.toLowerCase());
    try {
      const entry = sessions.patch(sessionKey, applySessionPatch({ model: reset ? null : wanted }, config()));
      return { reply: reset ? "Back to the default model." : `Model for this conversation: ${entry.providerOverride}/${entry.modelOverride}` };
    } catch (error) {
      return { reply: `${error instanceof Error ? error.message : String(error)}. /model shows what is available.` };
    }
  },
};
