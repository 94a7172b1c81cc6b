import type { Command } from "./command.ts";

export const stop: Command = {
  name: "stop",
  aliases: ["abort"],
  description: "Stop what I am doing and forget what is waiting.",
  section: "Conversation",
  run(_args, { sessionKey }, { engine }) {
    const stopped = engine.abort(sessionKey, { reason: "stop" });
    return { reply: stopped.length > 0 ? "⚙️ Agent was aborted." : "Nothing was running." };
  },
};
