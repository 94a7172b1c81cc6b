import type { Update } from "grammy/types";
import type { ChannelHost, Inbound } from "@openclaw/plugin-sdk";
import type { ReadContext } from "../inbound/context.ts";
import { readUpdate } from "../inbound/update.ts";
import type { MovedChats } from "../state/moved-chats.ts";

export interface IntakeOptions {
  host: ChannelHost;
  context: ReadContext;
  moved: MovedChats;
  /** Ends the spinner on a pressed button; failures do not matter. */
  answerCallback: (id: string) => void;
}

/**
 * Hands one update to the gateway. Resolves when the update may be acknowledged; rejects when the gateway could not
 * store it.
 */
export type Intake = (update: Update) => Promise<void>;

export function createIntake({ host, context, moved, answerCallback }: IntakeOptions): Intake {
  return async (update) => {
    for (const inbound of read(update)) await host.receive(inbound);
    const { message, callback_query: callback } = update;
    if (message?.migrate_to_chat_id !== undefined)
      await moved.record(String(message.chat.id), String(message.migrate_to_chat_id));
    if (callback !== undefined) answerCallback(callback.id);
  };

  /** An update we cannot read must not come back for ever. */
  function read(update: Update): Inbound[] {
    try {
      return readUpdate(update, context);
    } catch (error) {
      host.log.error(`update ${update.update_id} could not be read and is skipped`, { error: String(error) });
      return [];
    }
  }
}
