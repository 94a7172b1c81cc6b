import type { GatewayContext } from "../gateway-context.ts";
import { takeSentinel } from "./restart-sentinel.ts";

/** Tells the session that asked for a restart (else the main one) that it is done, and its chat when it has one. */
export function announceRestart({ paths, sessions, store, deliverer, clock }: GatewayContext): void {
  const sentinel = takeSentinel(paths.restartSentinelPath);
  if (!sentinel) return;
  const sessionKey = sessions.canonical(sentinel.sessionKey ?? "main");
  const what =
    sentinel.kind === "update"
      ? "was updated and restarted"
      : sentinel.kind === "restart"
        ? "restarted"
        : "restarted with the changed configuration";
  const text = `The gateway ${sentinel.status === "ok" ? what : `restarted; the change failed (${sentinel.status})`}.${sentinel.message ? ` ${sentinel.message}` : ""}`;
  store.systemEvents.add(sessionKey, text, clock.now());
  const route = sentinel.sessionKey ? sessions.lastRoute(sessionKey) : undefined;
  if (!route) return;
  deliverer.enqueue([
    { turnId: `restart:${sentinel.ts}`, seq: 0, sessionKey, ...route, purpose: "notice", message: { text } },
  ]);
}
