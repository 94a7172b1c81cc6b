import { type Clock, type Log } from "@openclaw/core";
import { ChannelError, type Connection, type SentRef } from "@openclaw/plugin-sdk/channel";
import { atMost } from "../at-most.ts";
import type { NewOutboxRow, Outbox, OutboxRow } from "../store/outbox.ts";
import { type RetryPolicy, retryDelay } from "./backoff.ts";

/** A connection that can send now, with what its platform promises. */
export interface Sender {
  connection: Connection;
  idempotentSend: boolean;
  retry: RetryPolicy;
}

export interface DelivererOptions {
  outbox: Outbox;
  clock: Clock;
  log: Log;
  random?: () => number;
  /** The open connection of an account, or undefined while there is none: its rows wait. */
  sender(channel: string, account: string): Sender | undefined;
  /** Configuration `messages.delivery.onUnknown`: what to do with a send whose answer was lost. Default "report". */
  onUnknown(): "report" | "resend";
  /** Called once for each row that reached a final state. */
  settled(row: OutboxRow, state: "sent" | "failed" | "unknown", error?: string): void;
}

export interface Deliverer {
  /** Stores rows and starts sending them. Call inside the transaction that ends their turn. */
  enqueue(rows: readonly NewOutboxRow[]): OutboxRow[];
  /** Takes up everything a previous process left: queued rows are sent, interrupted ones settled as unknown. */
  recover(): void;
  /** An account connected: its waiting rows are tried at once. */
  wake(channel: string, account: string): void;
  /** Sends a row of unknown outcome again. */
  resend(row: OutboxRow): void;
  /** Resolves with the row's final state. */
  settled(id: string): Promise<{ state: "sent" | "failed" | "unknown"; messageId?: string; error?: string }>;
  /** Lets running sends finish for at most `graceMs`; what is left stays in the ledger. */
  stop(graceMs: number): Promise<void>;
}

/** After this long a row that could not be sent is given up. */
const GIVE_UP_MS = 24 * 60 * 60 * 1000;
const SEND_TIMEOUT_MS = 60_000;
const LEDGER_RETRY_MS = 1_000;

interface Lane {
  rows: OutboxRow[];
  busy: boolean;
  cancelTimer?: () => void;
}

type Settlement = { state: "sent" | "failed" | "unknown"; messageId?: string; error?: string };

/**
 * Sends the ledger's rows: in order within one chat, chats side by side. A row is marked `sending` before the request
 * leaves and settled after its answer, so a kill in between is seen at the next start as an unknown outcome.
 */
export function createDeliverer(options: DelivererOptions): Deliverer {
  const { outbox, clock, log } = options;
  const random = options.random ?? Math.random;
  const lanes = new Map<string, Lane>();
  const running = new Set<Promise<void>>();
  const waiters = new Map<string, ((settlement: Settlement) => void)[]>();
  const stopping = new AbortController();

  const laneKey = (row: Pick<OutboxRow, "channel" | "account" | "target">) =>
    `${row.channel}\n${row.account}\n${row.target}`;

  function push(row: OutboxRow): void {
    const key = laneKey(row);
    const lane = lanes.get(key) ?? { rows: [], busy: false };
    lanes.set(key, lane);
    lane.rows.push(row);
    queueMicrotask(() => pump(key, lane));
  }

  function pump(key: string, lane: Lane): void {
    const row = lane.rows[0];
    if (lane.busy || stopping.signal.aborted) return;
    if (!row) {
      lanes.delete(key);
      return;
    }
    lane.cancelTimer?.();
    const wait = row.notBefore - clock.now();
    if (wait > 0) {
      lane.cancelTimer = clock.after(wait, () => pump(key, lane));
      return;
    }
    const sender = options.sender(row.channel, row.account);
    if (!sender) return;
    lane.busy = true;
    const attempt = send(row, sender).then((done) => {
      running.delete(attempt);
      lane.busy = false;
      if (done) lane.rows.shift();
      pump(key, lane);
    });
    running.add(attempt);
  }

  /** True when the row is final. Does not reject. */
  async function send(row: OutboxRow, sender: Sender): Promise<boolean> {
    if (!(await record(() => outbox.sending(row.id, clock.now())))) return false;
    row.attempts++;
    const timeout = new AbortController();
    const cancel = clock.after(SEND_TIMEOUT_MS, () => timeout.abort(new Error("no answer within 60 s")));
    let sent: SentRef;
    try {
      sent = await sender.connection.send(row.target, row.message, timeout.signal);
    } catch (error) {
      let final = false;
      await record(() => (final = failed(row, sender, error)));
      return final;
    } finally {
      cancel();
    }
    await record(() => outbox.sent(row.id, sent.messageId, clock.now()));
    settle(row, { state: "sent", messageId: sent.messageId });
    return true;
  }

  /**
   * Writes to the ledger, again and again while the disk refuses: what the platform said must not be forgotten by going
   * on. False only when the gateway stops meanwhile.
   */
  async function record(write: () => unknown): Promise<boolean> {
    for (;;) {
      try {
        write();
        return true;
      } catch (error) {
        if (stopping.signal.aborted) return false;
        log.error(`the send ledger cannot be written: ${String(error)}`);
        await clock.sleep(LEDGER_RETRY_MS, stopping.signal).catch(() => {});
      }
    }
  }

  function failed(row: OutboxRow, sender: Sender, error: unknown): boolean {
    const text = error instanceof Error ? error.message : String(error);
    const known = ChannelError.is(error) ? error : undefined;
    const outcome = known?.outcome ?? "unknown";
    if (outcome === "unknown" && !sender.idempotentSend) return unknown(row, text);
    const retryable = !known || ["rate-limited", "unavailable", "auth"].includes(known.kind) || outcome === "unknown";
    const expired = clock.now() - row.createdAt > GIVE_UP_MS;
    if (!retryable || expired) {
      outbox.settle(row.id, "failed", text, clock.now());
      log.warn("message not delivered", { id: row.id, channel: row.channel, error: text });
      settle(row, { state: "failed", error: text });
      return true;
    }
    row.notBefore = clock.now() + retryDelay(sender.retry, row.attempts, known?.retryAfterMs, random);
    outbox.retry(row.id, row.notBefore, text, clock.now());
    return false;
  }

  function unknown(row: OutboxRow, error: string): boolean {
    if (options.onUnknown() === "resend" && row.purpose === "reply" && clock.now() - row.createdAt < GIVE_UP_MS) {
      row.notBefore = clock.now();
      outbox.retry(row.id, row.notBefore, error, clock.now());
      return false;
    }
    outbox.settle(row.id, "unknown", error, clock.now());
    log.warn("delivery unknown: the platform's answer was lost", { id: row.id, channel: row.channel, error });
    settle(row, { state: "unknown", error });
    return true;
  }

  function settle(row: OutboxRow, settlement: Settlement): void {
    for (const resolve of waiters.get(row.id) ?? []) resolve(settlement);
    waiters.delete(row.id);
    options.settled(row, settlement.state, settlement.error);
  }

  return {
    enqueue(rows) {
      const added = outbox.add(rows, clock.now());
      for (const row of added) push(row);
      return added;
    },
    recover() {
      for (const row of outbox.open()) {
        if (row.state === "queued") {
          push(row);
          continue;
        }
        const sender = options.sender(row.channel, row.account);
        if (sender?.idempotentSend || !unknown(row, "the gateway stopped while it was being sent")) push(row);
      }
    },
    wake(channel, account) {
      for (const [key, lane] of lanes) if (key.startsWith(`${channel}\n${account}\n`)) pump(key, lane);
    },
    resend(row) {
      outbox.requeue(row.id, clock.now());
      push({ ...row, state: "queued", notBefore: 0 });
    },
    settled(id) {
      const row = outbox.get(id);
      if (row && row.state !== "queued" && row.state !== "sending") {
        return Promise.resolve({ state: row.state, messageId: row.messageId, error: row.error });
      }
      return new Promise((resolve) => waiters.set(id, [...(waiters.get(id) ?? []), resolve]));
    },
    async stop(graceMs) {
      stopping.abort();
      for (const lane of lanes.values()) lane.cancelTimer?.();
      await atMost(graceMs, Promise.allSettled(running), clock);
    },
  };
}
