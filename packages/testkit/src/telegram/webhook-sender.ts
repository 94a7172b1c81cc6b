import type { UpdateQueue } from "./update-queue.ts";

interface Webhook {
  url: string;
  secretToken?: string;
}

export interface WebhookSender {
  set(webhook: Webhook | undefined): void;
  info(): Record<string, unknown>;
  readonly active: boolean;
  close(): void;
}

/** Delivers updates one after the other and repeats each until the receiver answers 2xx, as the platform does. */
export function createWebhookSender(queue: UpdateQueue, firstRetryMs: number): WebhookSender {
  let webhook: Webhook | undefined;
  let running = false;
  let closed = false;
  let lastError: { last_error_date: number; last_error_message: string } | undefined;
  let wait: { timer: NodeJS.Timeout; done: () => void } | undefined;

  const current = () => (closed ? undefined : webhook);

  async function deliver(target: Webhook, body: string): Promise<boolean> {
    try {
      const headers: Record<string, string> = { "content-type": "application/json" };
      if (target.secretToken !== undefined) headers["x-telegram-bot-api-secret-token"] = target.secretToken;
      const response = await fetch(target.url, {
        method: "POST",
        headers,
        body,
        redirect: "manual",
        signal: AbortSignal.timeout(10_000),
      });
      await response.arrayBuffer();
      if (response.ok) return true;
      throw new Error(`Wrong response from the webhook: ${response.status} ${response.statusText}`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      lastError = { last_error_date: Math.floor(Date.now() / 1000), last_error_message: message };
      return false;
    }
  }

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    let retryMs = firstRetryMs;
    for (;;) {
      const target = current();
      const update = queue.head();
      if (target === undefined || update === undefined) break;
      if (await deliver(target, JSON.stringify(update))) {
        queue.confirm(update);
        lastError = undefined;
        retryMs = firstRetryMs;
        continue;
      }
      await new Promise<void>((resolve) => {
        wait = { timer: setTimeout(resolve, retryMs), done: resolve };
      });
      retryMs = Math.min(retryMs * 2, 2000);
    }
    running = false;
  }

  queue.onReady(() => void run());
  return {
    set(next) {
      webhook = next;
      lastError = undefined;
      void run();
    },
    info: () => ({
      url: webhook?.url ?? "",
      has_custom_certificate: false,
      pending_update_count: queue.pending().length,
      ...(webhook === undefined ? {} : { max_connections: 40 }),
      ...lastError,
    }),
    get active() {
      return webhook !== undefined;
    },
    close() {
      closed = true;
      if (wait !== undefined) clearTimeout(wait.timer);
      wait?.done();
    },
  };
}
