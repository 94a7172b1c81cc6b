import type {
  SessionsCompactParams,
  SessionsDeleteParams,
  SessionsListParams,
  SessionsPatchParams,
  SessionsPreviewParams,
  SessionsResetParams,
} from "@openclaw/protocol/schema";
import type { GatewayContext } from "../gateway-context.ts";
import { invalidRequest } from "../server/rpc-error.ts";
import type { MethodHandler } from "../server/types.ts";
import { compactSession, stopAndWait } from "../sessions/compact-session.ts";
import { sessionRow } from "../sessions/session-row.ts";
import { modelDefaults } from "../sessions/model-defaults.ts";
import { applySessionPatch } from "../sessions/session-patch.ts";

const DEFAULT_PREVIEW_ITEMS = 5;
const DEFAULT_PREVIEW_CHARS = 200;

export function sessionMethods(context: GatewayContext): Record<string, MethodHandler> {
  const { sessions, engine, clock } = context;

  return {
    "sessions.list": async (params: SessionsListParams) => {
      const defaults = await modelDefaults(context);
      const rows = sessions.list({
        agentId: params.agentId,
        limit: params.limit,
        activeSince: params.activeMinutes === undefined ? undefined : clock.now() - params.activeMinutes * 60_000,
        search: params.search,
        label: params.label,
        spawnedBy: params.spawnedBy,
        includeGlobal: params.includeGlobal ?? false,
        includeUnknown: params.includeUnknown ?? false,
      });
      return {
        ts: clock.now(),
        path: sessions.storePath(params.agentId),
        count: rows.length,
        defaults,
        sessions: rows.map(({ key, entry }) => {
          const texts = params.includeDerivedTitles || params.includeLastMessage ? sessions.excerpt(key) : undefined;
          return {
            ...sessionRow(key, entry, defaults),
            ...(params.includeDerivedTitles && texts?.title ? { derivedTitle: texts.title } : {}),
            ...(params.includeLastMessage && texts?.last ? { lastMessagePreview: texts.last } : {}),
          };
        }),
      };
    },

    "sessions.preview": ({
      keys,
      limit = DEFAULT_PREVIEW_ITEMS,
      maxChars = DEFAULT_PREVIEW_CHARS,
    }: SessionsPreviewParams) => ({
      ts: clock.now(),
      previews: keys.map((key) => {
        const canonical = sessions.canonical(key);
        if (!sessions.entry(canonical)) return { key, status: "missing", items: [] };
        const items = sessions.texts(canonical, limit).map(({ role, text }) => ({
          role,
          text: text.length > maxChars ? `${text.slice(0, maxChars - 3)}...` : text,
        }));
        return { key, status: items.length === 0 ? "empty" : "ok", items };
      }),
    }),

    "sessions.patch": ({ key, ...patch }: SessionsPatchParams) => {
      const canonical = sessions.canonical(key);
      if (patch.label && sessions.list({ label: patch.label }).some((row) => row.key !== canonical)) {
        throw invalidRequest(`label already in use: ${patch.label}`);
      }
      const entry = sessions.patch(canonical, applySessionPatch(patch, context.config()));
      const { modelProvider, model } = sessions.defaults();
      return {
        ok: true,
        path: sessions.storePath(sessions.agentOf(canonical)),
        key: canonical,
        entry,
        resolved: { modelProvider: entry.providerOverride ?? modelProvider, model: entry.modelOverride ?? model },
      };
    },

    "sessions.reset": ({ key }: SessionsResetParams) => {
      const canonical = sessions.canonical(key);
      engine.abort(canonical, { reason: "rpc" });
      return { ok: true, key: canonical, entry: sessions.reset(canonical) };
    },

    "sessions.compact": async ({ key, maxLines }: SessionsCompactParams) => {
      const canonical = sessions.canonical(key);
      if (!sessions.entry(canonical)) return { ok: true, key: canonical, compacted: false, reason: "no sessionId" };
      if (maxLines !== undefined) {
        await stopAndWait(context, canonical, "rpc");
        const { kept, archived } = sessions.keepLast(canonical, maxLines);
        return { ok: true, key: canonical, compacted: archived !== undefined, kept, ...(archived ? { archived } : {}) };
      }
      const { compacted, kept } = await compactSession(context, {
        sessionKey: canonical,
        channel: "webchat",
        reason: "rpc",
      });
      return { ok: true, key: canonical, compacted, kept };
    },

    "sessions.delete": ({ key, deleteTranscript = true }: SessionsDeleteParams) => {
      const canonical = sessions.canonical(key);
      if (canonical === sessions.canonical("main", sessions.agentOf(canonical))) {
        throw invalidRequest(`Cannot delete the main session (${canonical}).`);
      }
      engine.abort(canonical, { reason: "rpc" });
      return { ok: true, key: canonical, ...sessions.remove(canonical, deleteTranscript) };
    },
  };
}
