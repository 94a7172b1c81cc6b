import type { CompactResult } from "@openclaw/agent";
import { chosenModel } from "../commands/models/current-model.ts";
import type { GatewayContext } from "../gateway-context.ts";

/** Longer than any model takes for a summary, ms. */
const TIMEOUT_MS = 5 * 60_000;
/** A stopped turn has ended by then, and noted what it used. */
const STOP_MS = 5_000;

export interface CompactRequest {
  /** Canonical; the session must exist. */
  sessionKey: string;
  /** Where it was asked. */
  channel: string;
  instructions?: string;
  /** What a running turn's listeners are told. */
  reason: "rpc" | "stop";
}

/** Stops a session's turns and waits until they have let go of its transcript. */
export async function stopAndWait(
  { engine }: GatewayContext,
  sessionKey: string,
  reason: "rpc" | "stop",
): Promise<void> {
  const stopped = engine.abort(sessionKey, { reason });
  const signal = AbortSignal.timeout(STOP_MS);
  await Promise.all(stopped.map((runId) => engine.waitFor(runId, STOP_MS, signal)));
}

/** Stops what runs in a session, summarises its older part, and notes in its entry what the context holds now. */
export async function compactSession(
  context: GatewayContext,
  { sessionKey, channel, instructions, reason }: CompactRequest,
): Promise<CompactResult> {
  const { agents, sessions } = context;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  await stopAndWait(context, sessionKey, reason);
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
    const result = await agent.compact({
      sessionKey,
      transcript,
      channel,
      signal,
      ...(model ? { model } : {}),
      ...(instructions ? { instructions } : {}),
    });
    if (result.compacted) {
      sessions.patch(sessionKey, {
        compactionCount: (sessions.entry(sessionKey)?.compactionCount ?? 0) + 1,
        totalTokens: result.tokensAfter,
      });
    }
    return result;
  } finally {
    release();
  }
}
