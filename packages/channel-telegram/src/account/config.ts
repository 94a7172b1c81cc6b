/** The keys of `channels.telegram` (and of its accounts) that the channel itself reads; policy keys are the gateway's. */
export interface TelegramConfig {
  botToken?: string;
  /** File whose only content is the token. */
  tokenFile?: string;
  /** Bot API server. Default https://api.telegram.org. Receives the token: https, or http on loopback. */
  apiRoot?: string;
  /** `http://`, `https://` or `socks5://` URL every request goes through. */
  proxy?: string;
  /** Longest request, s. Without it: 30 s, and 300 s with a file. Never longer than those. */
  timeoutSeconds?: number;
  network?: { autoSelectFamily?: boolean };
  /** Public https address Telegram posts updates to. Absent: long polling. */
  webhookUrl?: string;
  /** 1-256 characters `A-Z a-z 0-9 _ -`. Derived from the token when absent. */
  webhookSecret?: string;
  /**
   * Path on the gateway's port, when a proxy in front rewrites it. Default: the path of `webhookUrl`, or
   * `/telegram-webhook` when that has none.
   */
  webhookPath?: string;
  /** Default true. */
  linkPreview?: boolean;
  /** How tables of a reply are shown. Default `code`: an aligned block. */
  markdown?: { tables?: "code" | "bullets" | "off" };
  customCommands?: { command: string; description: string }[];
  /** Which reactions reach the agent. Default `own`: those on the bot's own messages. */
  reactionNotifications?: "off" | "own" | "all";
}
