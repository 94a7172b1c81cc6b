import { OpenClawError } from "@openclaw/plugin-sdk";

export interface TelegramTarget {
  /** Numeric chat id as text (negative for groups and channels), or `@name` of a public group or channel. */
  chatId: string;
  /** Forum topic or topic of a private chat. 1 is a forum's General topic. */
  threadId?: number;
}

/** `7001`, `-100123`, `-100123:topic:7`, `@news`. */
export function encodeTarget({ chatId, threadId }: TelegramTarget): string {
  return threadId === undefined ? chatId : `${chatId}:topic:${threadId}`;
}

/** Also takes what people paste: a `telegram:` or `tg:` prefix, `:thread:` for `:topic:`, a t.me link. */
export function decodeTarget(text: string): TelegramTarget {
  const cleaned = text
    .trim()
    .replace(/^(telegram|tg):/i, "")
    .replace(/^(https:\/\/)?t\.me\//i, "@");
  const match = /^(-?[1-9]\d{0,18}|@[a-z]\w{3,31})(?::(?:topic|thread):([1-9]\d{0,9}))?$/i.exec(cleaned);
  const chatId = match?.[1];
  if (chatId === undefined)
    throw new OpenClawError({
      code: "TARGET_INVALID",
      message: `"${text.slice(0, 80)}" is not a Telegram target`,
      hint: "Use a numeric chat id (7001, -1001234567890), -1001234567890:topic:7, or @name of a public group or channel.",
    });
  return match?.[2] === undefined ? { chatId } : { chatId, threadId: Number(match[2]) };
}

/** `tg:123` to `123`, `Alice` and `@ALICE` to `@alice`. */
export function normalizeId(id: string): string {
  const bare = id.trim().replace(/^(telegram|tg):/i, "");
  if (bare === "*" || bare === "" || /^-?\d+$/.test(bare)) return bare;
  return `@${bare.replace(/^@/, "").toLowerCase()}`;
}
