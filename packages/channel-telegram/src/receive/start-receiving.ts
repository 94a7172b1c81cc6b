import type { Agent } from "node:http";
import type { Api } from "grammy";
import type { ChannelHost } from "@openclaw/plugin-sdk";
import type { TelegramConfig } from "../account/config.ts";
import type { HealthTracker } from "../health-tracker.ts";
import type { ReadContext } from "../inbound/context.ts";
import type { MovedChats } from "../state/moved-chats.ts";
import { createOffsetStore } from "../state/offset.ts";
import { createApi } from "../wire/api.ts";
import { createTransport } from "../wire/transport.ts";
import { allowedUpdates } from "./allowed-updates.ts";
import { createIntake } from "./intake.ts";
import { startPoller } from "./poller.ts";
import { startWebhook } from "./webhook.ts";

export interface ReceivingOptions {
  api: Api;
  token: string;
  apiRoot: string;
  createAgent: () => Promise<Agent>;
  config: TelegramConfig;
  host: ChannelHost;
  health: HealthTracker;
  moved: MovedChats;
  context: ReadContext;
}

export interface Receiving {
  /** Path on the gateway's port; undefined when polling. */
  webhookPath?: string;
  handle(request: Request): Promise<Response>;
  stop(): Promise<void>;
}

/** The gateway's own page is at `/`. */
function pathOf(url: string): string {
  const { pathname } = new URL(url);
  return pathname === "/" ? "/telegram-webhook" : pathname;
}

/** Starts the inbound side: webhook when `webhookUrl` is set, long polling otherwise. */
export async function startReceiving(options: ReceivingOptions): Promise<Receiving> {
  const { api, token, apiRoot, config, host, health, moved, context } = options;
  const { clock, log } = host;
  const intake = createIntake({
    host,
    context,
    moved,
    answerCallback: (id) => void api.answerCallbackQuery(id).catch(() => {}),
  });
  const allowed = allowedUpdates(context.reactions);
  if (config.webhookUrl !== undefined && config.webhookUrl !== "") {
    const { webhookUrl: url, webhookSecret: secret } = config;
    const webhook = await startWebhook({
      api,
      token,
      url,
      secret,
      allowedUpdates: allowed,
      intake,
      health,
      clock,
      log,
    });
    return {
      webhookPath: config.webhookPath ?? pathOf(url),
      handle: (request) => webhook.handle(request),
      stop: () => Promise.resolve(webhook.stop()),
    };
  }
  // Cutting a stuck poll must not cut sends: polls have connections of their own.
  const transport = createTransport(await options.createAgent(), clock);
  const poller = startPoller({
    api: createApi({ token, apiRoot, transport }),
    token,
    intake,
    offsets: createOffsetStore(host.store, clock, context.me.id),
    allowedUpdates: allowed,
    health,
    clock,
    log,
  });
  return {
    handle: () => Promise.resolve(new Response(null, { status: 404 })),
    async stop() {
      await poller.stop();
      transport.close();
    },
  };
}
