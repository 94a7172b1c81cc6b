import type { ChannelDefinition } from "@openclaw/plugin-sdk";
import { readAccounts } from "./account/accounts.ts";
import type { TelegramConfig } from "./account/config.ts";
import { CAPTION_LIMIT, UPLOAD_LIMIT } from "./outbound/limits.ts";
import { decodeTarget, encodeTarget, normalizeId, type TelegramTarget } from "./target.ts";

/** Telegram, as the gateway sees it. Importing this loads no platform library; `open` does. */
export const channel: ChannelDefinition<TelegramConfig, TelegramTarget> = {
  id: "telegram",
  apiVersion: 1,
  capabilities: {
    edit: true,
    remove: true,
    react: true,
    typing: true,
    threads: true,
    threadKind: "topic",
    media: ["image", "audio", "voice", "video", "document"],
    nativeCommands: true,
    drafts: true,
    idempotentSend: false,
    polls: false,
    webhook: true,
  },
  limits: {
    // The platform takes 4096 after entities; the rest is room for what rendering adds to tables and links.
    text: 4000,
    caption: CAPTION_LIMIT,
    mediaBytes: UPLOAD_LIMIT,
    // About one message or edit a second in a chat is what the platform bears (Bots FAQ); drafts bear more.
    editIntervalMs: 1000,
    draftIntervalMs: 300,
  },
  target: { encode: encodeTarget, decode: decodeTarget },
  normalizeId,
  accounts: readAccounts,
  // Reading a configuration or a target must not cost an HTTP stack.
  open: async (account, host, signal) => (await import("./open.ts")).open(account, host, signal),
};
