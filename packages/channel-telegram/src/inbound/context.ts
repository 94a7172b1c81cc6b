import type { User } from "grammy/types";

/** What reading an update needs to know besides the update. */
export interface ReadContext {
  me: User;
  /** Epoch ms. */
  now(): number;
  reactions: "off" | "own" | "all";
  /** Where one of our own messages stands; undefined when we did not send it, or long ago. */
  sentByUs(chatId: string, messageId: number): { threadId?: number } | undefined;
}
