import { isSilentReply } from "@openclaw/core/reply";
import type { GatewaySessions } from "../sessions/gateway-sessions.ts";
import type { Exchange, TurnRequest } from "../store/turns.ts";
import type { TurnOutcome } from "../turns/outcome.ts";

/** Answers that end a conversation between agents, and keep its announcement back. */
const REPLY_SKIP = "REPLY_SKIP";
const ANNOUNCE_SKIP = "ANNOUNCE_SKIP";

/** Whether the reply of such a turn is a token for the gateway and not for people. */
export const isExchangeToken = ({ exchange }: TurnRequest, text: string): boolean =>
  exchange !== undefined && [REPLY_SKIP, ANNOUNCE_SKIP].includes(text.trim());

type Sessions = Pick<GatewaySessions, "agentOf" | "entry" | "lastRoute" | "sendPolicy">;

/** The turn that a message to another session begins with. */
export function askTurn(runId: string, exchange: Exchange, sessions: Sessions): TurnRequest {
  const text = [
    `[Message from ${speaker(exchange.requesterKey, sessions)}]`,
    exchange.message,
    `[It comes from another session, not from your user. Your answer goes back there. To end the conversation without one, answer exactly ${REPLY_SKIP}.]`,
  ].join("\n\n");
  return turn(runId, exchange.targetKey, text, exchange, sessions);
}

/**
 * What follows when a turn of a conversation has ended: the answer goes to the other side, or the target is asked what
 * its own chat should hear. Undefined: it is over. The id depends on the conversation and the step alone.
 */
export function nextTurn(
  { runId, exchange }: TurnRequest,
  outcome: Pick<TurnOutcome, "status" | "payloads">,
  sessions: Sessions,
): TurnRequest | undefined {
  if (!exchange || exchange.step === "announce" || outcome.status !== "ok") return undefined;
  const said = outcome.payloads
    .map(({ text }) => text)
    .join("\n\n")
    .trim();
  const goesOn = said !== "" && said !== REPLY_SKIP && !isSilentReply(said);
  const known: Exchange = goesOn
    ? { ...exchange, firstReply: exchange.firstReply ?? said, latestReply: said }
    : exchange;
  const base = runId.replace(/:(?:reply\d+|announce)$/, "");
  if (goesOn && exchange.round < exchange.maxRounds)
    return replyTurn(base, { ...known, step: "reply", round: exchange.round + 1 }, sessions);
  return announceTurn(base, { ...known, step: "announce" }, sessions);
}

function replyTurn(base: string, exchange: Exchange, sessions: Sessions): TurnRequest {
  const { round, requesterKey, targetKey } = exchange;
  // The target spoke first: odd rounds are the requester's.
  const [from, to] = round % 2 === 1 ? [targetKey, requesterKey] : [requesterKey, targetKey];
  const text = [
    `[Answer from ${speaker(from, sessions)}]`,
    exchange.latestReply ?? "",
    `[You may have read it already as the result of sessions_send. Reply ${round} of at most ${exchange.maxRounds}: your answer goes back there. When nothing more needs to be said, answer exactly ${REPLY_SKIP}.]`,
  ].join("\n\n");
  return turn(`${base}:reply${round}`, to, text, exchange, sessions);
}

/** Nothing to announce to: the conversation stays between the sessions. */
function announceTurn(base: string, exchange: Exchange, sessions: Sessions): TurnRequest | undefined {
  const { targetKey, firstReply, latestReply, message } = exchange;
  const route = sessions.lastRoute(targetKey);
  if (!route || firstReply === undefined || sessions.sendPolicy(targetKey) === "deny") return undefined;
  const text = [
    `[The conversation with ${speaker(exchange.requesterKey, sessions)} is over]`,
    `It asked: ${message}`,
    `You answered: ${firstReply}`,
    ...(latestReply && latestReply !== firstReply ? [`It ended with: ${latestReply}`] : []),
    `[What you answer now is posted in your own chat. If the people there need not hear of it, answer exactly ${ANNOUNCE_SKIP}.]`,
  ].join("\n\n");
  return { ...turn(`${base}:announce`, targetKey, text, exchange, sessions), route };
}

function turn(runId: string, sessionKey: string, text: string, exchange: Exchange, sessions: Sessions): TurnRequest {
  const entry = sessions.entry(sessionKey);
  return {
    runId,
    sessionKey,
    displayKey: sessionKey,
    agentId: sessions.agentOf(sessionKey),
    source: "session",
    text,
    body: exchange.latestReply ?? exchange.message,
    origin: { provider: entry?.lastChannel ?? "webchat", chatType: entry?.chatType ?? "direct" },
    lane: "nested",
    exchange,
  };
}

const speaker = (key: string, sessions: Sessions) => `agent ${sessions.agentOf(key)}, session ${key}`;
