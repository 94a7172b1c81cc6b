import { ApiFailure } from "./api-failure.ts";
import { type Call, createCallLog } from "./call-log.ts";
import { createFaults, type Fault } from "./faults.ts";
import { startBotServer } from "./http-server.ts";
import { createInject, type Inject } from "./inject.ts";
import { createUpdateQueue } from "./update-queue.ts";
import { createWebhookSender } from "./webhook-sender.ts";
import type { WireChat, WireUpdate, WireUser } from "./wire.ts";
import { type ChatMessage, type ChatState, createWorld } from "./world.ts";

export interface TelegramEmulatorOptions {
  /** Default `4242:emulated-token`. The digits before the colon are the bot's id. */
  token?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Default `emulated_bot`. */
  username?: string;
  /** Withhold group messages that do not concern the bot, as BotFather sets new bots up. Default true. */
  privacyMode?: boolean;
  /** Topics in private chats, which drafts need. Default true. */
  privateTopics?: boolean;
  /** First wait before a refused webhook delivery is repeated, ms; doubles up to 2 s. Default 50. */
  webhookRetryMs?: number;
}

/** A Telegram Bot API server on loopback, and the people who talk to the bot through it. */
export interface TelegramEmulator {
  /** For the client's `apiRoot`. */
  readonly apiRoot: string;
  readonly token: string;
  readonly bot: WireUser;
  /** Makes things happen on the platform. */
  readonly inject: Inject;
  /** Delivers an earlier update once more. */
  redeliver(updateId: number): void;
  /** Starts update ids anew, as the platform does after a week without updates: at any number, also a lower one. */
  renumberUpdates(firstId: number): void;
  /** Requests so far, oldest first; all methods when none is named. */
  calls(method?: string): Call[];
  /** The first answered (or lost) call that fits, past or future. Rejects after `timeoutMs`, default 5000. */
  waitFor(method: string, predicate?: (call: Call) => boolean, timeoutMs?: number): Promise<Call>;
  failNext(fault: Fault): void;
  clearFaults(): void;
  /** Cuts every open connection, polls included; resolves with how many. */
  dropConnections(): Promise<number>;
  /** Connections that are open now. */
  connections(): number;
  /** Connecting is refused until `acceptConnections`. */
  refuseConnections(): Promise<void>;
  acceptConnections(): Promise<void>;
  /** Polls hang and webhooks stay silent, while every other method works: the bot is deaf. */
  stopDelivering(): void;
  resume(): void;
  /** Answers 401 until `restoreToken`. */
  revokeToken(): void;
  restoreToken(): void;
  setPrivacyMode(on: boolean): void;
  /** Makes a chat known without a message in it. */
  addChat(chat: WireChat): void;
  /** Sends there fail with 403 and this reason, e.g. `bot was blocked by the user`; undefined lifts it. */
  forbid(chatId: number, reason: string | undefined): void;
  /** What people see in the chat now, oldest first. With `deleted`, also what was removed. */
  messages(chatId: number, options?: { deleted?: boolean }): ChatMessage[];
  draft(chatId: number): ChatState["draft"];
  /** Updates that no poll or webhook has confirmed. */
  pending(): readonly WireUpdate[];
  close(): Promise<void>;
}

/** Starts a Bot API server on 127.0.0.1 and a free port. Stop it with `close()`. */
export async function startTelegramEmulator(options: TelegramEmulatorOptions = {}): Promise<TelegramEmulator> {
  const token = options.token ?? "4242:emulated-token";
  let authorized = true;
  let privacy = options.privacyMode ?? true;
  const bot: WireUser = {
    id: Number(token.split(":")[0]),
    is_bot: true,
    first_name: "Emulated Bot",
    username: options.username ?? "emulated_bot",
    can_join_groups: true,
    can_read_all_group_messages: !privacy,
    supports_inline_queries: false,
    has_topics_enabled: options.privateTopics ?? true,
  };
  const world = createWorld(bot);
  const queue = createUpdateQueue();
  const webhook = createWebhookSender(queue, options.webhookRetryMs ?? 50);
  const calls = createCallLog();
  const faults = createFaults();
  const server = await startBotServer({
    port: options.port ?? 0,
    authorize: (given) => authorized && given === token,
    calls,
    faults,
    context: { world, queue, webhook },
  });

  return {
    apiRoot: `http://127.0.0.1:${server.port}`,
    token,
    bot,
    inject: createInject({ world, queue, privacy: () => privacy }),
    redeliver: (updateId) => queue.redeliver(updateId),
    renumberUpdates: (firstId) => queue.renumber(firstId),
    calls: (method) => calls.all(method),
    waitFor: (method, predicate, timeoutMs) => calls.waitFor(method, predicate, timeoutMs),
    failNext: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    dropConnections: () => server.dropConnections(),
    connections: () => server.connections(),
    refuseConnections: () => server.refuse(),
    acceptConnections: () => server.accept(),
    stopDelivering: () => queue.stop(),
    resume: () => queue.resume(),
    revokeToken() {
      authorized = false;
      queue.evict(new ApiFailure(401, "Unauthorized"));
    },
    restoreToken() {
      authorized = true;
    },
    setPrivacyMode(on) {
      privacy = on;
      bot["can_read_all_group_messages"] = !on;
    },
    addChat(chat) {
      world.chat(chat);
    },
    forbid(chatId, reason) {
      const state = world.find(chatId);
      if (state === undefined) throw new Error(`there is no chat ${chatId}`);
      if (reason === undefined) delete state.forbidden;
      else state.forbidden = reason;
    },
    messages(chatId, { deleted = false } = {}) {
      const all = [...(world.find(chatId)?.messages.values() ?? [])];
      return deleted ? all : all.filter((message) => !message.deleted);
    },
    draft: (chatId) => world.find(chatId)?.draft,
    pending: () => queue.pending(),
    async close() {
      webhook.close();
      await server.close();
    },
  };
}
