import type { Api } from "grammy";
import type { Update } from "grammy/types";
import type { Clock, Log } from "@openclaw/plugin-sdk";
import type { HealthTracker } from "../health-tracker.ts";
import type { OffsetStore } from "../state/offset.ts";
import { type ApiSignal, apiSignal } from "../wire/api-signal.ts";
import type { Intake } from "./intake.ts";
import { judgePollFailure } from "./poll-trouble.ts";

/** How long the platform holds a poll open, s. */
const POLL_SECONDS = 30;
/** A poll that is this late never comes back: its connection is cut and a new one made, ms. */
const STUCK_MS = (POLL_SECONDS + 15) * 1000;

/** An empty poll that took less than this was not held open, ms. */
const HASTY_MS = 500;

export interface PollerOptions {
  api: Api;
  token: string;
  intake: Intake;
  offsets: OffsetStore;
  allowedUpdates: Exclude<keyof Update, "update_id">[];
  health: HealthTracker;
  clock: Clock;
  log: Log;
}

export interface Poller {
  /** Resolves when no poll and no hand-over is under way. */
  stop(): Promise<void>;
}

/** Keeps one long poll open until stopped, whatever happens to it. */
export function startPoller(options: PollerOptions): Poller {
  const stopping = new AbortController();
  const running = run(options, stopping.signal);
  return {
    async stop() {
      stopping.abort(new Error("stopped"));
      await running;
    },
  };
}

async function run(options: PollerOptions, signal: AbortSignal): Promise<void> {
  const { api, token, health, clock, log } = options;
  let offset: number | undefined;
  let loaded = false;
  let started = false;
  let failures = 0;
  health.connecting("inbound");
  while (!signal.aborted) {
    try {
      if (!started) {
        // Once only: a later reconnect knows better than the store what is confirmed.
        if (!loaded) offset = await options.offsets.load();
        loaded = true;
        await bounded(clock, signal, (own) => api.deleteWebhook(undefined, own));
      }
      // The first poll returns at once: it proves the connection.
      const timeout = started ? POLL_SECONDS : 0;
      const request = {
        timeout,
        limit: 100,
        allowed_updates: options.allowedUpdates,
        ...(offset === undefined ? {} : { offset }),
      };
      const begun = clock.now();
      const updates = await bounded(clock, signal, (own) => api.getUpdates(request, own));
      // An empty answer has confirmed the offset; keeping it would lose updates when the platform starts ids anew.
      if (updates.length === 0) offset = undefined;
      else offset = await handOver(updates, offset, options);
      started = true;
      failures = 0;
      health.up("inbound");
      health.problem(undefined);
      // Something in between answers for the platform, and at once: do not spin.
      if (updates.length === 0 && timeout > 0 && clock.now() - begun < HASTY_MS) await clock.sleep(HASTY_MS, signal);
    } catch (error) {
      if (signal.aborted) break;
      failures += 1;
      const { reason, problem, delayMs } = judgePollFailure(error, failures, token);
      health.reconnected();
      health.problem(problem);
      health.down("inbound", reason);
      log.warn(`polling failed, trying again in ${Math.round(delayMs)} ms`, { reason, failures });
      started = false;
      if (error instanceof HandOverError) offset = error.offset;
      await clock.sleep(delayMs, signal).catch(() => {});
    }
  }
}

/** The gateway could not store an update: it stays unconfirmed, those before it are done. */
class HandOverError extends Error {
  override readonly name = "HandOverError";
  readonly offset: number;
  constructor(offset: number, cause: unknown) {
    super(`the gateway could not store an update: ${String(cause)}`, { cause });
    this.offset = offset;
  }
}

async function handOver(updates: Update[], before: number | undefined, options: PollerOptions): Promise<number> {
  let offset = before ?? updates[0]?.update_id ?? 0;
  try {
    for (const update of updates) {
      try {
        await options.intake(update);
      } catch (error) {
        throw new HandOverError(update.update_id, error);
      }
      offset = update.update_id + 1;
    }
  } finally {
    await options.offsets.save(offset - 1);
  }
  return offset;
}

/** Runs one call that is aborted by the signal, or by us when it is overdue. */
async function bounded<T>(clock: Clock, signal: AbortSignal, call: (own: ApiSignal) => Promise<T>): Promise<T> {
  const own = new AbortController();
  const onStop = () => own.abort();
  signal.addEventListener("abort", onStop, { once: true });
  const cancel = clock.after(STUCK_MS, () =>
    own.abort(new Error(`no answer within ${STUCK_MS / 1000} s, connection cut`)),
  );
  const overdue = new Promise<never>((_, reject) => {
    own.signal.addEventListener("abort", () => reject(own.signal.reason), { once: true });
  });
  try {
    return await Promise.race([call(apiSignal(own.signal)), overdue]);
  } finally {
    cancel();
    signal.removeEventListener("abort", onStop);
  }
}
