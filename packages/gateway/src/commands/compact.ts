import type { Command } from "./command.ts";
import { compactCount } from "./format.ts";
import { chosenModel } from "./models/current-model.ts";

/** Longer than any model takes for a summary, ms. */
const TIMEOUT_MS = 5 * 60_000;
/** A stopped turn has ended by then, and noted what it used. */
const STOP_MS = 5_000;

export const compact: Command = {
  name: "compact",
  args: "[what matters]",
  description: "Summarise the older part of this conversation to make room.",
  section: "Conversation",
  async run(args, { sessionKey, channel }, context) {
    const { agents, engine, sessions } = context;
    const entry = sessions.entry(sessionKey);
    if (!entry) return { reply: "There is nothing to compact yet." };
    const stopped = engine.abort(sessionKey, { reason: "stop" });
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    await Promise.all(stopped.map((runId) => engine.waitFor(runId, STOP_MS, signal)));
    const agentId = sessions.agentOf(sessionKey);
    // Of the request only the key counts: the session exists.
    const { transcript } = sessions.open({
      runId: "",
      sessionKey,
      displayKey: sessionKey,
      agentId,
      source: "chat",
      text: "",
      body: "",
      origin: { provider: channel, chatType: "direct" },
    });
    const { agent, release } = await agents.borrow(agentId);
    try {
      const model = chosenModel(context, sessionKey);
      const { compacted, tokensBefore, tokensAfter, contextWindow, by } = await agent.compact({
        sessionKey,
        transcript,
        channel,
        signal,
        ...(model ? { model } : {}),
        ...(args ? { instructions: args } : {}),
      });
      const share =
        contextWindow > 0
          ? ` (${Math.round((tokensAfter / contextWindow) * 100)} % of ${compactCount(contextWindow)})`
          : "";
      if (!compacted) return { reply: `There is too little to compact: ${compactCount(tokensBefore)} tokens${share}.` };
      sessions.patch(sessionKey, {
        compactionCount: (sessions.entry(sessionKey)?.compactionCount ?? 0) + 1,
        totalTokens: tokensAfter,
      });
      const how = by === "checkpoint" ? " No model could be asked, so the summary only lists what was done." : "";
      return {
        reply: `⚙️ Compacted: ${compactCount(tokensBefore)} → ${compactCount(tokensAfter)} tokens${share}.${how}`,
      };
    } finally {
      release();
    }
  },
};
