import { isRecord } from "../wire/narrow.ts";

/** The part of `localStorage` that is used here. */
export interface KeyValueStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** The object stored under a key, or undefined when absent, unreadable or forbidden by the browser. */
export function readRecord(storage: KeyValueStorage, key: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(storage.getItem(key) ?? "null");
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** False when the browser refused (private mode, quota): the page then works until it is closed. */
export function writeRecord(storage: KeyValueStorage, key: string, value: object): boolean {
  try {
    storage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
