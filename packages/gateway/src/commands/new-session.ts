import { takeModel } from "@openclaw/core/sessions";
import type { GatewayContext } from "../gateway-context.ts";
import type { Command } from "./command.ts";
import { currentModel } from "./models/current-model.ts";
import { modelNames } from "./models/model-names.ts";

export const newSession: Command = {
  name: "new",
  aliases: ["reset"],
  args: "[model] [message]",
  description: "Start a new conversation; what was said before is kept on disk but no longer read.",
  section: "Conversation",
  async run(args, { sessionKey }, context) {
    const { sessions } = context;
    context.engine.abort(sessionKey, { reason: "stop" });
    const { model, rest } = await readModel(args, sessionKey, context);
    sessions.reset(sessionKey, "route");
    if (model) {
      const slash = model.indexOf("/");
      sessions.patch(sessionKey, { providerOverride: model.slice(0, slash), modelOverride: model.slice(slash + 1) });
    }
    const now = await currentModel(context, sessionKey);
    return {
      reply: `✅ New session started · model: ${now.provider}/${now.model}`,
      ...(rest ? { continueWith: rest } : {}),
    };
  },
};

/** A model in front of the message. With an allowlist only what is on it; text that names none stays text. */
async function readModel(
  args: string,
  sessionKey: string,
  { agents, config, sessions }: GatewayContext,
): Promise<{ model?: string; rest: string }> {
  if (args === "") return { rest: "" };
  const listed = Object.keys(config().agents?.defaults?.models ?? {});
  const { aliases } = modelNames(config());
  const agent = await agents.get(sessions.agentOf(sessionKey));
  const allowed =
    listed.length > 0
      ? listed
      : (await agent.models()).filter(({ kind }) => kind === "llm").map(({ provider, id }) => `${provider}/${id}`);
  return takeModel(args, { allowed, aliases: Object.fromEntries(aliases) });
}
