import { expect, test } from "vitest";
import { createOutboxStorage } from "../chat/outbox-storage.ts";
import { forgetDeviceToken, loadDeviceKey, loadDeviceToken, saveDeviceKey, saveDeviceToken } from "./device-storage.ts";
import type { KeyValueStorage } from "./json-record.ts";
import { createSettings } from "./settings.ts";

function memory(limit = Infinity): KeyValueStorage & { items: Map<string, string> } {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem(key, value) {
      if (value.length > limit) throw new Error("QuotaExceededError");
      items.set(key, value);
    },
    removeItem: (key) => void items.delete(key),
  };
}

test("settings keep what other versions of the page stored", () => {
  const storage = memory();
  storage.setItem(
    "openclaw.control.settings.v1",
    '{"token":"t","theme":"neon","gatewayUrl":"wss://evil.example","chatFocusMode":true}',
  );
  const settings = createSettings(storage);
  expect(settings.get()).toMatchObject({ token: "t", theme: "system" });
  expect(settings.get()).not.toHaveProperty("gatewayUrl");
  settings.update((current) => ({ ...current, token: undefined, theme: "dark" }));
  const stored = JSON.parse(storage.getItem("openclaw.control.settings.v1") ?? "") as unknown;
  expect(stored).toMatchObject({ theme: "dark", chatFocusMode: true });
  expect(stored).not.toHaveProperty("token");
});

test("broken storage is an empty one", () => {
  const storage = memory();
  storage.setItem("openclaw.control.settings.v1", "{not json");
  storage.setItem("openclaw-device-identity-v1", "[]");
  expect(createSettings(storage).get()).toEqual({ theme: "system", seen: {} });
  expect(loadDeviceKey(storage)).toBeUndefined();
});

test("a device token is given only to the device it was made for", () => {
  const storage = memory();
  saveDeviceKey(storage, { deviceId: "d1", publicKey: "p", privateKey: "s" });
  saveDeviceToken(storage, "d1", { token: "secret", scopes: ["operator.read"] });
  expect(loadDeviceKey(storage)?.deviceId).toBe("d1");
  expect(loadDeviceToken(storage, "d1")).toEqual({ token: "secret", scopes: ["operator.read"] });
  expect(loadDeviceToken(storage, "d2")).toBeUndefined();
  forgetDeviceToken(storage);
  expect(loadDeviceToken(storage, "d1")).toBeUndefined();
});

test("unanswered messages survive a reload under their key, pictures only as far as there is room", () => {
  const storage = memory(400);
  const outbox = createOutboxStorage(storage);
  const message = { key: "k1", text: "hi", images: [], at: 5, status: "accepted" as const };
  const image = { name: "a.png", mimeType: "image/png", content: "A".repeat(500) };
  outbox.save("s", [message, { ...message, key: "k2", images: [image] }]);
  expect(outbox.load("s")).toEqual([{ key: "k1", text: "hi", images: [], at: 5, status: "sending", error: undefined }]);
  outbox.save("s", []);
  expect(outbox.load("s")).toEqual([]);
});
