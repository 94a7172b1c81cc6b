import type { GatewayContext } from "../gateway-context.ts";
import type { Command } from "./command.ts";

export const stop: Command = {
  name: "stop",
  aliases: ["abort"],
  description: "Stop what I am doing and forget what is waiting.",
  section: "Conversation",
  run: (_args, { sessionKey }, context) => ({
    reply: stopSession(context, sessionKey).length > 0 ? "⚙️ Agent was aborted." : "Nothing was running.",
  }),
};

/** Stops a session's turns, those that wait, and those of the sub-agents it started. Returns their run ids. */
export function stopSession({ engine, sessions }: GatewayContext, sessionKey: string): string[] {
  const children = sessions
    .list({ agentId: sessions.agentOf(sessionKey), spawnedBy: sessionKey })
    .map(({ key }) => key);
  return [sessionKey, ...children].flatMap((key) => engine.abort(key, { reason: "stop" }));
}
