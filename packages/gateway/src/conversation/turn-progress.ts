import type { Clock } from "@openclaw/core";
import type { ChannelManager } from "../channels/manager.ts";
import type { TurnRequest } from "../store/turns.ts";
import { createDrafts } from "./drafts.ts";
import { createTyping } from "./typing.ts";

/** What a chat sees of a turn before its answer: the typing indicator and, where there are drafts, the words so far. */
export function createTurnProgress(channels: ChannelManager, clock: Clock) {
  const typing = createTyping(clock);
  const drafts = createDrafts(clock);
  return ({ route, runId, exchange }: TurnRequest, phase: "start" | "text" | "end", text = ""): void => {
    if (!route) return;
    const account = channels.find(route.channel, route.account);
    if (phase === "start") typing.start(runId, account?.connection, route.target);
    // What such a turn says may be for the gateway alone; that shows at its end.
    else if (phase === "text" && exchange) return;
    else if (phase === "text") drafts.show(runId, account, route.target, text);
    else {
      typing.stop(runId);
      drafts.end(runId);
    }
  };
}
