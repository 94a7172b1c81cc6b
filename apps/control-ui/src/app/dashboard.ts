import { createContext, useContext } from "react";
import { createConversation } from "../chat/conversation.ts";
import type { Conversation } from "../chat/conversation.ts";
import type { OutboxStorage } from "../chat/outbox-storage.ts";
import type { GatewayLink, Hello } from "../gateway/link.ts";
import { createHealthWatch } from "../health/health-watch.ts";
import type { HealthWatch } from "../health/health-watch.ts";
import { createSessionList } from "../sessions/session-list.ts";
import type { SessionList } from "../sessions/session-list.ts";
import { canonicalKey } from "../sessions/session-row.ts";
import { isRecord } from "../wire/narrow.ts";
import type { Settings } from "../storage/settings.ts";
import type { Store } from "../store/store.ts";

/** Everything the rooms share. Made once, before the page is rendered. */
export interface Dashboard {
  readonly assistantName: string;
  readonly link: GatewayLink;
  readonly settings: Store<Settings>;
  readonly sessions: SessionList;
  readonly health: HealthWatch;
  /** Ends the connection and forgets everything that came through it. */
  readonly signOut: () => void;
  /** The conversation of a key, made on first use and kept, so that drafts and running turns survive a change of room. */
  readonly conversation: (sessionKey: string) => Conversation;
}

export interface DashboardOptions {
  assistantName: string;
  link: GatewayLink;
  settings: Store<Settings>;
  outbox: OutboxStorage;
}

export function createDashboard({ assistantName, link, settings, outbox }: DashboardOptions): Dashboard {
  const conversations = new Map<string, Conversation>();
  const sessions = createSessionList(link, settings);
  const health = createHealthWatch(link);
  const hello = (): Hello | undefined => {
    const status = link.status.get();
    return status.phase === "ready" || status.phase === "offline" ? status.hello : undefined;
  };

  link.onStale(() => {
    void sessions.refresh();
    for (const conversation of conversations.values()) conversation.resync();
  });

  link.onEvent(({ event, payload }) => {
    if (!isRecord(payload)) return;
    health.receive(event, payload);
    if ((event !== "chat" && event !== "agent") || typeof payload.sessionKey !== "string") return;
    const key = canonicalKey(payload.sessionKey, hello()?.defaultAgentId ?? "main");
    conversations.get(key)?.receive(event, payload);
    if (event === "chat" && payload.state !== "delta") sessions.refreshSoon();
  });

  return {
    assistantName,
    link,
    settings,
    sessions,
    health,
    signOut() {
      link.signOut();
      conversations.clear();
      outbox.clear();
    },
    conversation(sessionKey) {
      const known = conversations.get(sessionKey);
      if (known) return known;
      const conversation = createConversation({ sessionKey, link, outbox });
      conversations.set(sessionKey, conversation);
      if (link.status.get().phase === "ready") conversation.resync();
      return conversation;
    },
  };
}

export const DashboardContext = createContext<Dashboard | undefined>(undefined);

export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext);
  if (!dashboard) throw new Error("useDashboard is only valid inside DashboardContext");
  return dashboard;
}
