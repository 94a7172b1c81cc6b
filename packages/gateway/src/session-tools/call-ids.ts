import { createHash } from "node:crypto";
import type { ToolContext } from "@openclaw/plugin-sdk/tool";

export interface CallIds {
  /**
   * An id (UUID form) for what a tool call brings about. The same call gets the same id when its turn is continued after
   * a crash, so that running it again finds what it did; a second equal call of the turn gets another one.
   */
  of(turnId: string, context: Pick<ToolContext, "toolCallId" | "sessionKey">, params: unknown): string;
  /** Forgets a turn that has ended. */
  forget(turnId: string): void;
}

export function createCallIds(): CallIds {
  const seen = new Map<string, Map<string, number>>();
  return {
    of(turnId, { toolCallId, sessionKey }, params) {
      const call = JSON.stringify([sessionKey, turnId, toolCallId, params]);
      const calls = seen.get(turnId) ?? new Map<string, number>();
      seen.set(turnId, calls);
      const before = calls.get(call) ?? 0;
      calls.set(call, before + 1);
      return uuidFrom(`${call}#${before}`);
    },
    forget(turnId) {
      seen.delete(turnId);
    },
  };
}

/** A UUID (version 8: made by our own rule) that depends on the text alone. */
export function uuidFrom(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
