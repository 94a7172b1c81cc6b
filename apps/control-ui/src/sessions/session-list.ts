import type { GatewayLink } from "../gateway/link.ts";
import type { Settings } from "../storage/settings.ts";
import { createStore } from "../store/store.ts";
import type { Store } from "../store/store.ts";
import { readSessionList } from "./session-row.ts";
import type { SessionRow } from "./session-row.ts";

interface SessionListState {
  phase: "loading" | "ready" | "failed";
  error?: string;
  rows: SessionRow[];
  /** Model of conversations that have not chosen one. */
  provider?: string;
  model?: string;
}

/** The conversations of the gateway and what a person can do with them. */
export interface SessionList {
  readonly state: Store<SessionListState>;
  refresh(): Promise<void>;
  /** Soon, once: events come in bursts. */
  refreshSoon(): void;
  /** `undefined` takes the name away. Rejects when the gateway refuses (a name already in use). */
  rename(key: string, label: string | undefined): Promise<void>;
  /** Forgets the conversation's messages, keeps its settings. */
  reset(key: string): Promise<void>;
  remove(key: string): Promise<void>;
  /** The person has seen the conversation as it was at that time, epoch ms of the gateway. */
  markSeen(key: string, at: number): void;
}

const keptMarks = 300;

export function createSessionList(link: GatewayLink, settings: Store<Settings>): SessionList {
  const state = createStore<SessionListState>({ phase: "loading", rows: [] });
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function refresh(): Promise<void> {
    try {
      const answer = await link.request("sessions.list", {
        includeGlobal: false,
        includeUnknown: false,
        includeDerivedTitles: true,
        includeLastMessage: true,
        limit: 200,
      });
      state.set({ phase: "ready", ...readSessionList(answer) });
      rememberBaseline();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      state.update((current) =>
        current.phase === "ready" ? current : { ...current, phase: "failed", error: message },
      );
    }
  }

  /** On a browser's first visit everything counts as read. */
  function rememberBaseline(): void {
    if (settings.get().seenSince !== undefined) return;
    const newest = Math.max(0, ...state.get().rows.map((row) => row.updatedAt));
    settings.update((current) => ({ ...current, seenSince: newest }));
  }

  async function change(method: string, params: Record<string, unknown>): Promise<void> {
    await link.request(method, params);
    await refresh();
  }

  return {
    state,
    refresh,
    refreshSoon() {
      clearTimeout(timer);
      timer = setTimeout(() => void refresh(), 300);
    },
    rename: (key, label) => change("sessions.patch", { key, label: label ?? null }),
    reset: (key) => change("sessions.reset", { key }),
    remove: (key) => change("sessions.delete", { key, deleteTranscript: true }),
    markSeen(key, at) {
      const { seen } = settings.get();
      if ((seen[key] ?? 0) >= at) return;
      const newest = Object.entries({ ...seen, [key]: at }).toSorted((a, b) => b[1] - a[1]);
      settings.update((current) => ({ ...current, seen: Object.fromEntries(newest.slice(0, keptMarks)) }));
    },
  };
}

/** Something was said there since it was looked at. */
export function isUnread(row: SessionRow, { seen, seenSince = Infinity }: Settings): boolean {
  return row.updatedAt > Math.max(seen[row.key] ?? 0, seenSince);
}
