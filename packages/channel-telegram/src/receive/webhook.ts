import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Api } from "grammy";
import type { Update } from "grammy/types";
import { ChannelError, type Clock, type Log } from "@openclaw/plugin-sdk";
import type { HealthTracker } from "../health-tracker.ts";
import { toChannelError } from "../wire/channel-error.ts";
import type { Intake } from "./intake.ts";

/** How often the platform is asked whether it can reach us, ms: a deaf webhook turns red within this and a request. */
const CHECK_MS = 60_000;
/** Updates are far smaller (Bot API: text of 4096 characters, no file content). */
const BODY_LIMIT = 1024 * 1024;
const SECRET_HEADER = "x-telegram-bot-api-secret-token";

export interface WebhookOptions {
  api: Api;
  token: string;
  url: string;
  secret: string | undefined;
  allowedUpdates: Exclude<keyof Update, "update_id">[];
  intake: Intake;
  health: HealthTracker;
  clock: Clock;
  log: Log;
}

export interface WebhookReceiver {
  handle(request: Request): Promise<Response>;
  stop(): void;
}

/** Registers the webhook and watches it. Rejects with `ChannelError` when the platform refuses the address. */
export async function startWebhook(options: WebhookOptions): Promise<WebhookReceiver> {
  const { api, token, url, intake, health, clock, log } = options;
  const secret = options.secret ?? createHmac("sha256", token).update("openclaw webhook").digest("hex");
  if (!/^[\w-]{1,256}$/.test(secret)) {
    const message = "channels.telegram.webhookSecret may hold 1 to 256 characters A-Z a-z 0-9 _ -";
    throw new ChannelError({ kind: "invalid", outcome: "not-sent", message });
  }
  const register = () => api.setWebhook(url, { secret_token: secret, allowed_updates: options.allowedUpdates });
  const stopping = new AbortController();
  health.connecting("inbound");
  try {
    await register();
  } catch (error) {
    throw toChannelError(error, `setting the webhook to ${url}`, token);
  }
  health.up("inbound");
  void watch();

  return {
    stop: () => stopping.abort(new Error("stopped")),
    async handle(request) {
      if (request.method !== "POST") return new Response(null, { status: 405, headers: { allow: "POST" } });
      if (!sameSecret(request.headers.get(SECRET_HEADER) ?? "", secret)) return new Response(null, { status: 401 });
      const update = await readUpdate(request);
      if (update === undefined) return new Response(null, { status: 400 });
      try {
        await intake(update);
      } catch (error) {
        log.error(`update ${update.update_id} could not be stored; Telegram will repeat it`, { error: String(error) });
        return new Response(null, { status: 503 });
      }
      health.up("inbound");
      return new Response(null, { status: 200 });
    },
  };

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(CHECK_MS, stopping.signal).catch(() => {});
      if (stopping.signal.aborted) return;
      try {
        await check();
      } catch (error) {
        health.down("inbound", toChannelError(error, "checking the webhook", token).message);
      }
    }
  }

  async function check(): Promise<void> {
    const info = await api.getWebhookInfo();
    if (info.url !== url) {
      log.warn("the webhook was changed by somebody else and is set again");
      health.reconnected();
      await register();
    }
    if (info.pending_update_count > 0 && info.last_error_message !== undefined) {
      health.down("inbound", info.last_error_message);
      health.problem(`Telegram cannot deliver to channels.telegram.webhookUrl ${url}: ${info.last_error_message}`);
      return;
    }
    health.up("inbound");
    health.problem(undefined);
  }
}

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Compares digests, so that neither content nor length shows in the time it takes. */
function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

async function readUpdate(request: Request): Promise<Update | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > BODY_LIMIT) return undefined;
  try {
    const body = await request.text();
    if (body.length > BODY_LIMIT) return undefined;
    const update: Update = JSON.parse(body);
    return Number.isSafeInteger(update.update_id) ? update : undefined;
  } catch {
    return undefined;
  }
}
