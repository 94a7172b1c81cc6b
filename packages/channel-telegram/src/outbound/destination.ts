import { decodeTarget } from "../target.ts";
import type { MovedChats } from "../state/moved-chats.ts";

export interface Destination {
  chatId: string;
  threadId?: number;
  isPrivate: boolean;
}

/** The address of a target today, following groups that moved. Throws `TARGET_INVALID`. */
export function resolveDestination(target: string, moved: MovedChats): Destination {
  const { chatId, threadId } = decodeTarget(target);
  const current = moved.current(chatId);
  const destination: Destination = { chatId: current, isPrivate: /^\d/.test(current) };
  if (threadId !== undefined) destination.threadId = threadId;
  return destination;
}

/** A forum's General topic has no id in sends: naming it is refused. Typing, however, needs it. */
export function threadParams({ threadId, isPrivate }: Destination, action?: "typing"): { message_thread_id?: number } {
  if (threadId === undefined || (threadId === 1 && !isPrivate && action !== "typing")) return {};
  return { message_thread_id: threadId };
}
