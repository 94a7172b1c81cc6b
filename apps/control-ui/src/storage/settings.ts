import { createStore } from "../store/store.ts";
import type { Store } from "../store/store.ts";
import { isRecord, numberFrom, textFrom } from "../wire/narrow.ts";
import { readRecord, writeRecord } from "./json-record.ts";
import type { KeyValueStorage } from "./json-record.ts";

const storageKey = "openclaw.control.settings.v1";

export type Theme = "system" | "light" | "dark";

export interface Settings {
  /** Gateway token, until a device token has taken its place or the person signs out. */
  token?: string;
  theme: Theme;
  /** The person signed in on an unencrypted page of another machine and so accepted that. */
  insecureAccepted?: boolean;
  /** The conversation that was open last. */
  sessionKey?: string;
  /** When each conversation was last looked at, epoch ms, by session key. */
  seen: Readonly<Record<string, number>>;
  /** What was said before counts as read: the newest message when this browser came first. */
  seenSince?: number;
}

/** The page's settings, kept in the browser under a key older pages know too; fields of theirs are kept as they are. */
export function createSettings(storage: KeyValueStorage): Store<Settings> {
  const stored = readRecord(storage, storageKey) ?? {};
  const store = createStore<Settings>({
    token: textFrom(stored.token),
    theme: stored.theme === "light" || stored.theme === "dark" ? stored.theme : "system",
    insecureAccepted: stored.insecureAccepted === true || undefined,
    sessionKey: textFrom(stored.sessionKey),
    seenSince: numberFrom(stored.seenSince),
    seen: isRecord(stored.seen) ? numbersOf(stored.seen) : {},
  });
  store.subscribe(() => {
    const settings = store.get();
    writeRecord(storage, storageKey, {
      ...readRecord(storage, storageKey),
      ...settings,
      lastActiveSessionKey: settings.sessionKey,
    });
  });
  return store;
}

function numbersOf(record: Record<string, unknown>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(record).filter((pair): pair is [string, number] => typeof pair[1] === "number"),
  );
}
