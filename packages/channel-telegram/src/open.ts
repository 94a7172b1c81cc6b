import type { UserFromGetMe } from "grammy/types";
import { type Account, ChannelError, type ChannelHost, type Clock, type Connection } from "@openclaw/plugin-sdk";
import { checkApiRoot } from "./account/api-root.ts";
import type { TelegramConfig } from "./account/config.ts";
import { readToken } from "./account/read-token.ts";
import { createHealthTracker } from "./health-tracker.ts";
import { createCaller, invalid } from "./outbound/caller.ts";
import { buildMenu, writeMenu } from "./outbound/commands.ts";
import { createMediaFetcher } from "./outbound/fetch-media.ts";
import { createSendFormatted } from "./outbound/formatted.ts";
import { renderHtml } from "./outbound/render-html.ts";
import { createSender } from "./outbound/sender.ts";
import { startReceiving } from "./receive/start-receiving.ts";
import { createMovedChats } from "./state/moved-chats.ts";
import { createSentMemory } from "./state/sent-memory.ts";
import { createAgent } from "./wire/agent.ts";
import { apiSignal } from "./wire/api-signal.ts";
import { createApi } from "./wire/api.ts";
import { toChannelError } from "./wire/channel-error.ts";
import { createRunningCalls } from "./wire/running-calls.ts";
import { createTransport } from "./wire/transport.ts";

/** `close` waits this long for running sends and hand-overs, ms; the contract allows 5 s in all. */
const DRAIN_MS = 4000;
const GET_ME_TIMEOUT_MS = 20_000;

/** Connects one bot. See `ChannelDefinition.open`. */
export async function open(
  account: Account<TelegramConfig>,
  host: ChannelHost,
  signal: AbortSignal,
): Promise<Connection> {
  const { config } = account;
  const { clock, log } = host;
  const checked = checkApiRoot(config.apiRoot);
  if ("problem" in checked) throw invalid(checked.problem);
  const apiRoot = checked.root;
  const token = await readToken(config);
  const agent = () => createAgent({ apiRoot, proxy: config.proxy, autoSelectFamily: config.network?.autoSelectFamily });
  const transport = createTransport(await agent(), clock);
  const health = createHealthTracker(clock, () => host.healthChanged());
  const api = createApi({ token, apiRoot, transport });

  const whoAmI = async (own: AbortSignal): Promise<UserFromGetMe> => {
    try {
      return await api.getMe(apiSignal(own));
    } catch (error) {
      const failure = toChannelError(error, `Telegram account "${account.id}"`, token);
      if (failure.kind !== "auth") throw failure;
      const source = account.tokenSource === undefined ? "" : ` from ${account.tokenSource}`;
      const message = `Telegram refuses the bot token${source} of account "${account.id}"; copy a valid one from @BotFather`;
      throw new ChannelError({ kind: "auth", outcome: "not-sent", message });
    }
  };
  try {
    return await connect();
  } catch (error) {
    transport.close();
    throw error;
  }

  async function connect(): Promise<Connection> {
    const me = await withDeadline(clock, signal, GET_ME_TIMEOUT_MS, whoAmI);
    health.identity(`@${me.username}`);
    health.up("outbound");

    const moved = await createMovedChats(host);
    const sent = await createSentMemory(host.store, clock, log);
    const receiving = await startReceiving({
      api,
      token,
      apiRoot,
      createAgent: agent,
      config,
      host,
      health,
      moved,
      context: {
        me,
        now: () => clock.now(),
        reactions: config.reactionNotifications ?? "own",
        sentByUs: (chatId, messageId) => sent.find(chatId, messageId),
      },
    });
    let closing: Promise<void> | undefined;
    const longestMs = config.timeoutSeconds === undefined ? undefined : config.timeoutSeconds * 1000;
    const running = createRunningCalls();
    const call = createCaller({ token, clock, health, moved, isClosed: () => closing !== undefined, longestMs });
    const sender = createSender({
      api,
      call: (options) => running.track(call(options)),
      sent,
      sendFormatted: createSendFormatted((markdown) => renderHtml(markdown, config.markdown?.tables)),
      linkPreview: config.linkPreview ?? true,
      privateTopics: me.has_topics_enabled,
    });

    const close = () => (closing ??= shutDown());
    async function shutDown(): Promise<void> {
      signal.removeEventListener("abort", onAbort);
      await Promise.race([Promise.all([receiving.stop(), running.settled()]), clock.sleep(DRAIN_MS)]);
      await sent.close();
      transport.close();
      health.idle();
    }
    const onAbort = () => void close();
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();

    return {
      ...sender,
      ...(receiving.webhookPath === undefined ? {} : { webhookPath: receiving.webhookPath }),
      handle: (request) => receiving.handle(request),
      fetchMedia: createMediaFetcher({ api, transport, apiRoot, token }),
      async setCommands(commands, own) {
        try {
          await writeMenu(api, buildMenu(commands, config.customCommands ?? []), own);
        } catch (error) {
          throw toChannelError(error, "writing the command menu", token);
        }
      },
      probe: async (own) => ({ identity: `@${(await whoAmI(own)).username}` }),
      health: () => health.snapshot(),
      close,
    };
  }
}

async function withDeadline<T>(
  clock: Clock,
  signal: AbortSignal,
  ms: number,
  run: (own: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const onAbort = () => own.abort();
  signal.addEventListener("abort", onAbort, { once: true });
  const cancel = clock.after(ms, onAbort);
  try {
    return await run(own.signal);
  } finally {
    cancel();
    signal.removeEventListener("abort", onAbort);
  }
}
