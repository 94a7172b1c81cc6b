import { isRecord } from "../wire/narrow.ts";
import { readRecord, writeRecord } from "../storage/json-record.ts";
import type { KeyValueStorage } from "../storage/json-record.ts";
import type { ImageAttachment, Outgoing } from "./model.ts";

const storageKey = "openclaw.control.outbox.v1";

/**
 * Unanswered messages of this tab, so that a reload sends them again under the same key instead of losing them. Kept in
 * `sessionStorage`: two tabs never send each other's.
 */
export interface OutboxStorage {
  load(sessionKey: string): Outgoing[];
  save(sessionKey: string, outgoing: readonly Outgoing[]): void;
  clear(): void;
}

export function createOutboxStorage(storage: KeyValueStorage): OutboxStorage {
  return {
    clear: () => storage.removeItem(storageKey),
    load(sessionKey) {
      const stored = readRecord(storage, storageKey)?.[sessionKey];
      return Array.isArray(stored) ? stored.flatMap((value: unknown) => readOutgoing(value)) : [];
    },
    save(sessionKey, outgoing) {
      const all = readRecord(storage, storageKey) ?? {};
      if (outgoing.length > 0) all[sessionKey] = outgoing;
      else if (sessionKey in all) delete all[sessionKey];
      else return;
      // Images may exceed the browser's quota; the words are worth keeping without them.
      if (writeRecord(storage, storageKey, all)) return;
      writeRecord(storage, storageKey, { ...all, [sessionKey]: outgoing.filter(({ images }) => images.length === 0) });
    },
  };
}

function readOutgoing(value: unknown): Outgoing[] {
  if (!isRecord(value) || typeof value.key !== "string" || typeof value.text !== "string") return [];
  const status = value.status === "queued" || value.status === "failed" ? value.status : "sending";
  const images = Array.isArray(value.images) ? value.images.filter(isImage) : [];
  const error = typeof value.error === "string" ? value.error : undefined;
  return [{ key: value.key, text: value.text, images, at: Number(value.at) || 0, status, error }];
}

function isImage(value: unknown): value is ImageAttachment {
  return (
    isRecord(value) &&
    typeof value.name === "string" &&
    typeof value.mimeType === "string" &&
    typeof value.content === "string"
  );
}
