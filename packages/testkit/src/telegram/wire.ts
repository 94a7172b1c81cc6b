/** The parts of the Bot API's JSON that the emulator itself makes. Names are the platform's. */

export interface WireUser {
  id: number;
  is_bot: boolean;
  first_name: string;
  last_name?: string;
  username?: string;
  [field: string]: unknown;
}

export interface WireChat {
  id: number;
  type: "private" | "group" | "supergroup" | "channel";
  title?: string;
  username?: string;
  first_name?: string;
  is_forum?: boolean;
}

export interface WireEntity {
  type: string;
  /** UTF-16 units. */
  offset: number;
  length: number;
  url?: string;
  language?: string;
  user?: WireUser;
}

export interface WireMessage {
  message_id: number;
  /** Epoch seconds. */
  date: number;
  chat: WireChat;
  from?: WireUser;
  text?: string;
  caption?: string;
  entities?: WireEntity[];
  caption_entities?: WireEntity[];
  message_thread_id?: number;
  reply_to_message?: WireMessage;
  [field: string]: unknown;
}

export interface WireUpdate {
  update_id: number;
  [kind: string]: unknown;
}
