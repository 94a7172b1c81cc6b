import type { Clock } from "@openclaw/core";
import { TYPING_REFRESH_MS, TYPING_TTL_MS } from "@openclaw/core/reply";
import type { Connection } from "@openclaw/plugin-sdk/channel";

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
      const deadline = clock.now() + TYPING_TTL_MS;
      let cancel = () => {};
      const beat = () => {
        typing(target, controller.signal).catch(() => {});
        cancel = clock.now() + TYPING_REFRESH_MS < deadline ? clock.after(TYPING_REFRESH_MS, beat) : () => {};
      };
      running.set(id, () => {
        cancel();
        controller.abort();
      });
      beat();
    },
  };
}
