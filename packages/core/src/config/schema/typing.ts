import { choice } from "./dsl.ts";

/** Kept without a default: direct and mentioned chats use `instant`, other group chats `message`. */
export const typingMode = (description: string) => choice(["never", "instant", "thinking", "message"], description);
