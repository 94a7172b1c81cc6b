import type { Command } from "./command.ts";

export const newSession: Command = {
  name: "new",
  aliases: ["reset"],
  args: "[message]",
  description: "Start a new conversation; what was said before is kept on disk but no longer read.",
  async run(args, { sessionKey }, { engine, sessions, agents }) {
    engine.abort(sessionKey, { reason: "stop" });
    const entry = sessions.reset(sessionKey, "route");
    const agent = await agents.get(sessions.agentOf(sessionKey));
    const { provider, model } = await agent.resolveModel(entry.modelOverride && `${entry.providerOverride}/${entry.modelOverride}`);
    return { reply: `✅ New session started · model: ${provider}/${model}`, ...(args ? { continueWith: args } : {}) };
  },
};
