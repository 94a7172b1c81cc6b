import { readFile } from "node:fs/promises";
import { ChannelError } from "@openclaw/plugin-sdk";
import type { TelegramConfig } from "./config.ts";

/** The token of an account, from its config or its file. Fails with kind `auth`, naming the key or file. */
export async function readToken(config: TelegramConfig): Promise<string> {
  if (config.botToken !== undefined) return config.botToken;
  if (config.tokenFile === undefined)
    throw new ChannelError({ kind: "auth", outcome: "not-sent", message: "no bot token is configured for Telegram" });
  let content: string;
  try {
    content = (await readFile(config.tokenFile, "utf8")).trim();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    const message = `the Telegram token file ${config.tokenFile} cannot be read (${code}); fix channels.telegram.tokenFile`;
    throw new ChannelError({ kind: "auth", outcome: "not-sent", message });
  }
  if (/^\d+:[\w-]{3,}$/.test(content)) return content;
  const message = `the Telegram token file ${config.tokenFile} does not hold a bot token; write the one from @BotFather into it`;
  throw new ChannelError({ kind: "auth", outcome: "not-sent", message });
}
