import { compactSession } from "../sessions/compact-session.ts";
import type { Command } from "./command.ts";
import { compactCount } from "./format.ts";

export const compact: Command = {
  name: "compact",
  args: "[what matters]",
  description: "Summarise the older part of this conversation to make room.",
  section: "Conversation",
  async run(args, { sessionKey, channel }, context) {
    if (!context.sessions.entry(sessionKey)) return { reply: "There is nothing to compact yet." };
    const { compacted, tokensBefore, tokensAfter, contextWindow, by } = await compactSession(context, {
      sessionKey,
      channel,
      instructions: args,
      reason: "stop",
    });
    const share =
      contextWindow > 0
        ? ` (${Math.round((tokensAfter / contextWindow) * 100)} % of ${compactCount(contextWindow)})`
        : "";
    if (!compacted) return { reply: `There is too little to compact: ${compactCount(tokensBefore)} tokens${share}.` };
    const how = by === "checkpoint" ? " No model could be asked, so the summary only lists what was done." : "";
    return {
      reply: `⚙️ Compacted: ${compactCount(tokensBefore)} → ${compactCount(tokensAfter)} tokens${share}.${how}`,
    };
  },
};
