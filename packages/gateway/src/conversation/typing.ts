import type { Clock } from "@openclaw/core";
import type { Connection } from "@openclaw/plugin-sdk/channel";

/** Refresh and longest life of a typing indicator, ms. */
const REFRESH_MS = 6_000;
const TTL_MS = 120_000;

export interface Typing {
  start(id: string, connection: Connection | undefined, target: string): void;
  stop(id: string): void;
}

/** Keeps "typing…" up in the chats whose question is being answered. */
export function createTyping(clock: Clock): Typing {
  const running = new Map<string, () => void>();

  function stop(id: string): void {
    running.get(id)?.();
    running.delete(id);
  }

  return {
    stop,
    start(id, connection, target) {
      const typing = connection?.typing?.bind(connection);
      if (!typing) return;
      stop(id);
      const controller = new AbortController();
      const deadline = clock.now() + TTL_MS;
      let cancel = () => {};
      const beat = () => {
        typing(target, controller.signal).catch(() => {});
        cancel = clock.now() + REFRESH_MS < deadline ? clock.after(REFRESH_MS, beat) : () => {};
      };
      running.set(id, () => {
        cancel();
        controller.abort();
      });
      beat();
    },
  };
}
