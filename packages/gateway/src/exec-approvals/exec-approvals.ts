import { randomUUID } from "node:crypto";
import { grantsScope } from "@openclaw/protocol";
import type { GatewayContext } from "../gateway-context.ts";
import type { TurnRequest } from "../store/turns.ts";
import { createApprovalDesk } from "./approval-desk.ts";
import { configuredTarget, createApprovalForwarder, type ApprovalChat } from "./forward-approvals.ts";
import { turnAccess } from "./turn-access.ts";
import type { ExecApprovals } from "./types.ts";

export type ExecApprovalsContext = Pick<
  GatewayContext,
  "config" | "clock" | "log" | "store" | "sessions" | "engine" | "deliverer" | "channels" | "server"
>;

/** Sessions whose last question came from somewhere are remembered up to this many. */
const MAX_ORIGINS = 500;

export function createExecApprovals(context: ExecApprovalsContext): ExecApprovals {
  const { config, clock, log, store, sessions, engine, deliverer, channels } = context;
  /** The turn in which a session last asked: results go where that turn's answer went. */
  const origins = new Map<string, TurnRequest>();
  let closed = false;

  function notify(chat: ApprovalChat, text: string, key: string): void {
    try {
      const running = channels.find(chat.channel, chat.account);
      if (!running) {
        log.warn(`an approval cannot be asked for on ${chat.channel}: the channel does not run`);
        return;
      }
      const { target: codec } = running.definition;
      const target = codec.encode(codec.decode(chat.target));
      const row = {
        turnId: key,
        seq: 0,
        channel: running.channel,
        account: running.account.id,
        target,
        purpose: "notice" as const,
        message: { text },
      };
      store.database.transaction(() => deliverer.enqueue([row]));
    } catch (error) {
      log.warn(`an approval could not be asked for on ${chat.channel}: ${String(error)}`);
    }
  }

  const forwarder = createApprovalForwarder({
    config,
    clock,
    notify,
    sessionChat(sessionKey) {
      const route = (engine.current(sessionKey) ?? origins.get(sessionKey))?.route;
      return route && { channel: route.channel, account: route.account, target: route.target };
    },
  });
  const desk = createApprovalDesk({
    clock,
    broadcast: (event, payload) => context.server()?.broadcast(event, payload),
    onRequested: forwarder.requested,
    onEnded: forwarder.ended,
  });

  function remember(sessionKey: string): void {
    const request = engine.current(sessionKey);
    if (!request) return;
    origins.delete(sessionKey);
    origins.set(sessionKey, request);
    const [oldest] = origins.keys();
    if (origins.size > MAX_ORIGINS && oldest !== undefined) origins.delete(oldest);
  }

  /** A turn of its own, so that the result does not wait for the next message. */
  function wake(sessionKey: string): void {
    const origin = origins.get(sessionKey);
    if (!origin) return;
    const text =
      "A command that waited for approval has ended; the system message before this says how. Go on with what it was for, or tell the result. Answer NO_REPLY when there is nothing to say.";
    const { displayKey, agentId, route } = origin;
    const quiet = route && { channel: route.channel, account: route.account, target: route.target };
    engine.submit({
      runId: randomUUID(),
      sessionKey,
      displayKey,
      agentId,
      source: "session",
      text,
      body: text,
      origin: origin.origin,
      ...(quiet ? { route: quiet } : {}),
    });
  }

  return {
    desk,
    approver: {
      canAsk: ({ agentId, sessionKey }) =>
        forwarder.chats({ agentId, sessionKey }).length > 0 ||
        (context.server()?.clients() ?? []).some(
          ({ role, scopes }) => role === "operator" && grantsScope(scopes, "operator.approvals"),
        ),
      ask({ id, timeoutMs, ...request }) {
        remember(request.sessionKey);
        return desk.open(request, { id, timeoutMs }).decision;
      },
    },
    report({ sessionKey, text }) {
      store.systemEvents.add(sessionKey, text, clock.now());
      // A gateway that stops begins nothing; the session reads it at its next turn.
      if (!closed && !text.startsWith("Exec running")) wake(sessionKey);
    },
    access: (request) => turnAccess(request, sessions.entry(request.sessionKey), config()),
    decides(channel, target) {
      const { enabled, mode = "session", targets = [] } = config().approvals?.exec ?? {};
      if (!enabled || mode === "session") return false;
      const codec = channels.find(channel)?.definition.target;
      const plain = (to: string) => codec?.encode(codec.decode(to)) ?? to;
      return targets.some((chat) => chat.channel === channel && plain(configuredTarget(chat)) === target);
    },
    close() {
      closed = true;
      desk.close();
    },
  };
}
