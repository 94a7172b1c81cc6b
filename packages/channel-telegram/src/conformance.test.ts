import { type ChannelHarness, describeChannel, type SendFailure, type Written } from "@openclaw/testkit/conformance";
import {
  DEFAULT_FORUM,
  DEFAULT_GROUP,
  type Fault,
  type Injected,
  type MessageInput,
  startTelegramEmulator,
  type TelegramEmulator,
} from "@openclaw/testkit/telegram";
import { channel, type TelegramConfig, type TelegramTarget } from "./index.ts";

const SECRET = "a-secret-nobody-may-see-42";

const FAULTS: Record<SendFailure["type"], Fault> = {
  "rate-limited": {},
  forbidden: { status: 403, description: "Forbidden: bot was blocked by the user" },
  "lost-request": { reset: "before" },
  "lost-answer": { reset: "after-accept" },
};

function inject(emulator: TelegramEmulator, message: Written): Injected {
  const { where, text, mention, answerTo, media, senderName } = message;
  const input: MessageInput = { text: mention === true ? `@${emulator.bot.username} ${text}` : text };
  if (answerTo !== undefined) input.replyTo = Number(answerTo);
  if (senderName !== undefined) input.from = { id: 7001, first_name: senderName };
  if (media !== undefined) input.file = { kind: "document", ...media };
  if (where === "direct") return emulator.inject.dm(input);
  return where === "group" ? emulator.inject.group(input) : emulator.inject.topic({ ...input, threadId: 5 });
}

function chatIdOf(target: string): number {
  return Number(channel.target.decode(target).chatId);
}

async function create(): Promise<ChannelHarness<TelegramConfig, TelegramTarget>> {
  const emulator = await startTelegramEmulator({ token: `4242:${SECRET}`, privacyMode: false });
  emulator.addChat({ id: DEFAULT_GROUP, type: "supergroup", title: "Family" });
  emulator.addChat({ id: DEFAULT_FORUM, type: "supergroup", title: "Forum", is_forum: true });
  const account = (botToken: string) => ({
    id: "default",
    enabled: true,
    configured: true,
    config: { botToken, apiRoot: emulator.apiRoot },
  });
  let newest: number | undefined;
  return {
    definition: channel,
    account: account(emulator.token),
    refusedAccount: account("4242:some-other-token-entirely"),
    secrets: [SECRET],
    module: {
      url: new URL("./index.ts", import.meta.url).href,
      lazy: ["grammy", "https-proxy-agent", "socks-proxy-agent"],
    },
    platform: {
      write(message) {
        const { update, message: written } = inject(emulator, message);
        newest = update?.update_id ?? newest;
        return Promise.resolve({ messageId: String(written.message_id) });
      },
      redeliverLast() {
        if (newest !== undefined) emulator.redeliver(newest);
      },
      unacknowledged: () => emulator.pending().length,
      seen: (target) =>
        emulator.messages(chatIdOf(target)).map(({ messageId, text, media, replyTo, botReactions }) => ({
          messageId: String(messageId),
          text,
          hasMedia: media !== undefined,
          reactions: botReactions,
          ...(replyTo === undefined ? {} : { replyTo: String(replyTo) }),
        })),
      failNextSend(failure) {
        const fault =
          failure.type === "rate-limited" ? { retryAfter: failure.retryAfterMs / 1000 } : FAULTS[failure.type];
        emulator.failNext({ method: "sendMessage", ...fault });
      },
      refuseConnections: () => emulator.refuseConnections(),
      acceptConnections: () => emulator.acceptConnections(),
      dropConnections: () => emulator.dropConnections(),
      stopDelivering: () => emulator.stopDelivering(),
      resumeDelivering: () => emulator.resume(),
      openConnections: () => emulator.connections(),
    },
    close: () => emulator.close(),
  };
}

describeChannel({ name: "Telegram", create });
