import type { MethodParams } from "@openclaw/protocol";
import { invalidRequest } from "../server/rpc-error.ts";
import type { MethodHandler } from "../server/types.ts";
import type { PresenceList } from "./presence-list.ts";

export interface PresenceMethodsOptions {
  presence: PresenceList;
  /** Gets the text of every `system-event`, trimmed; e.g. to hand it to the main session's next turn. */
  onSystemEvent?(text: string): void;
}

/** `system-presence` and `system-event`. The `presence` broadcast follows from the list. */
export function presenceMethods({ presence, onSystemEvent }: PresenceMethodsOptions): Map<string, MethodHandler> {
  return new Map<string, MethodHandler>([
    ["system-presence", () => presence.list()],
    [
      "system-event",
      (params: MethodParams<"system-event">) => {
        const text = params.text.trim();
        if (text === "") throw invalidRequest("text required");
        const { deviceId, instanceId, host, ip, mode, version, platform, deviceFamily, modelIdentifier } = params;
        const { lastInputSeconds, reason, roles, scopes, tags } = params;
        presence.report({
          text,
          host,
          ip,
          version,
          platform,
          deviceFamily,
          modelIdentifier,
          mode,
          lastInputSeconds,
          reason,
          tags,
          deviceId,
          roles,
          scopes,
          instanceId,
        });
        onSystemEvent?.(text);
        return { ok: true };
      },
    ],
  ]);
}
