import type { Clock, Log } from "@openclaw/core";
import { type ChannelDefinition, ChannelError } from "@openclaw/plugin-sdk/channel";
import { type RetryPolicy, defaultRetry } from "../delivery/backoff.ts";
import type { Sender } from "../delivery/deliverer.ts";
import type { InboxRow, Inbox } from "../store/inbox.ts";
import type { KeyValueStore } from "../store/key-value.ts";
import { type AccountStatus, accountStatus } from "./account-status.ts";
import type { CatalogEntry } from "./catalog-entry.ts";
import { createChannelHost } from "./host.ts";
import type { RunningAccount } from "./running-account.ts";

export interface ChannelManagerOptions {
  catalog: readonly CatalogEntry[];
  /** The configuration's `channels` map. */
  sections(): Readonly<Record<string, unknown>>;
  env(): Readonly<Record<string, string | undefined>>;
  inbox: Inbox;
  values: KeyValueStore;
  clock: Clock;
  log: Log;
  accepted(row: InboxRow): void;
  /** A conversation has another id now. Resolves when whatever names it has followed. */
  chatMoved(moved: { channel: string; account: string; from: string; to: string }): Promise<void>;
  /** An account can send again. */
  connected(account: RunningAccount): void;
  /** Something `status()` shows has changed. */
  changed(): void;
}

export interface ChannelManager {
  /** Loads what is configured, so that `find` knows every account. Opens nothing yet. */
  load(): Promise<void>;
  /** Opens every account. Resolves when each was tried once; failures go on in the background. */
  start(): Promise<void>;
  /** Closes these channels and opens what is configured for them now. Others are not touched. */
  reload(channels: readonly string[]): Promise<void>;
  stop(): Promise<void>;
  find(channel: string, account?: string): RunningAccount | undefined;
  sender(channel: string, account: string): Sender | undefined;
  noteOutbound(channel: string, account: string): void;
  /** Definition of a configured channel, loaded once. */
  definition(channel: string): Promise<ChannelDefinition<unknown, unknown> | undefined>;
  status(): AccountStatus[];
  readonly catalog: readonly CatalogEntry[];
  /** Answers a webhook whose path a running account claims. */
  webhook(path: string): ((request: Request) => Promise<Response>) | undefined;
}

/** Delay before an account is opened again, ms: doubling between the two. */
const REOPEN_MIN_MS = 2_000;
const REOPEN_MAX_MS = 5 * 60_000;
/** A channel whose inbound side stays down this long is closed and opened afresh. */
const DEAF_MS = 90_000;
const WATCH_MS = 15_000;

export function createChannelManager(options: ChannelManagerOptions): ChannelManager {
  const { catalog, clock, log } = options;
  const running = new Map<string, RunningAccount>();
  const definitions = new Map<string, Promise<ChannelDefinition<unknown, unknown> | undefined>>();
  let stopped = false;
  let cancelWatch = () => {};

  const id = (channel: string, account: string) => `${channel}\n${account}`;

  function definition(channel: string): Promise<ChannelDefinition<unknown, unknown> | undefined> {
    let loading = definitions.get(channel);
    if (!loading) {
      loading = catalog.find((entry) => entry.id === channel)?.load?.() ?? Promise.resolve(undefined);
      definitions.set(channel, loading);
    }
    return loading;
  }

  async function load(ids: readonly string[]): Promise<void> {
    const known = Object.entries(options.sections()).filter(([channel]) => ids.includes(channel));
    const failed = (channel: string) => (error: unknown) =>
      log.error(`channel ${channel} failed to load: ${String(error)}`);
    await Promise.all(known.map(([channel, section]) => loadChannel(channel, section).catch(failed(channel))));
  }

  async function loadChannel(channel: string, section: unknown): Promise<void> {
    if (!isEnabled(section)) return;
    const loaded = await definition(channel);
    if (!loaded) {
      log.warn(`channel ${channel} is configured but not part of this installation`);
      return;
    }
    for (const account of loaded.accounts(section, options.env())) {
      if (!account.enabled) continue;
      running.set(id(channel, account.id), {
        channel,
        account,
        definition: loaded,
        starts: 0,
        abort: new AbortController(),
      });
    }
  }

  async function openOrExplain(entry: RunningAccount): Promise<void> {
    if (entry.account.configured) return open(entry);
    entry.lastError = entry.account.problem;
    log.warn(`${entry.channel}/${entry.account.id} is not started: ${entry.account.problem}`);
  }

  async function open(entry: RunningAccount): Promise<void> {
    // A retry of an account that was taken away or opened anew meanwhile.
    if (stopped || running.get(id(entry.channel, entry.account.id)) !== entry) return;
    const { channel, account, definition: loaded } = entry;
    entry.abort = new AbortController();
    entry.starts++;
    entry.lastStartAt = clock.now();
    const host = createChannelHost({
      channel,
      account: account.id,
      inbox: options.inbox,
      values: options.values,
      clock,
      log: log.child(channel),
      healthChanged: options.changed,
      chatMoved: (from, to) => options.chatMoved({ channel, account: account.id, from, to }),
      accepted(row) {
        entry.lastInboundAt = clock.now();
        options.accepted(row);
      },
    });
    try {
      entry.connection = await loaded.open(account, host, entry.abort.signal);
      entry.lastError = undefined;
      log.info(`${channel}/${account.id} connected`);
      options.connected(entry);
    } catch (error) {
      entry.lastError = error instanceof Error ? error.message : String(error);
      const auth = ChannelError.is(error) && error.kind === "auth";
      const delay = auth ? REOPEN_MAX_MS : Math.min(REOPEN_MAX_MS, REOPEN_MIN_MS * 2 ** (entry.starts - 1));
      log.error(`${channel}/${account.id} did not start: ${entry.lastError}`, { retryInMs: delay });
      clock.after(delay, () => void open(entry));
    }
    options.changed();
  }

  async function close(entry: RunningAccount): Promise<void> {
    const { connection } = entry;
    entry.connection = undefined;
    entry.lastStopAt = clock.now();
    try {
      await connection?.close();
    } catch (error) {
      log.warn(`${entry.channel}/${entry.account.id} did not close cleanly: ${String(error)}`);
    }
    entry.abort.abort();
  }

  function watch(): void {
    for (const entry of running.values()) {
      const inbound = entry.connection?.health().inbound;
      if (inbound?.state !== "down") continue;
      const silentFor = clock.now() - (inbound.lastOkAt ?? entry.lastStartAt ?? 0);
      if (silentFor < DEAF_MS) continue;
      log.warn(
        `${entry.channel}/${entry.account.id} has been deaf for ${Math.round(silentFor / 1000)} s: opening it again`,
      );
      void close(entry).then(() => open(entry));
    }
    cancelWatch = clock.after(WATCH_MS, watch);
  }

  return {
    catalog,
    definition,
    load: () => load(catalog.map((entry) => entry.id)),
    async start() {
      await Promise.all([...running.values()].map(openOrExplain));
      if (!stopped) cancelWatch = clock.after(WATCH_MS, watch);
    },
    async reload(ids) {
      const before = [...running].filter(([, entry]) => ids.includes(entry.channel));
      await Promise.all(before.map(([, entry]) => close(entry)));
      for (const [key] of before) running.delete(key);
      await load(ids);
      await Promise.all([...running.values()].filter(({ channel }) => ids.includes(channel)).map(openOrExplain));
      options.changed();
    },
    async stop() {
      stopped = true;
      cancelWatch();
      await Promise.all([...running.values()].map(close));
    },
    find(channel, account) {
      if (account !== undefined) return running.get(id(channel, account));
      const accounts = [...running.values()].filter((entry) => entry.channel === channel);
      return accounts.find((entry) => entry.account.id === "default") ?? accounts[0];
    },
    sender(channel, account) {
      const entry = running.get(id(channel, account));
      if (!entry?.connection) return undefined;
      const { idempotentSend } = entry.definition.capabilities;
      return { connection: entry.connection, idempotentSend, retry: retryPolicy(entry.account.config) };
    },
    noteOutbound(channel, account) {
      const entry = running.get(id(channel, account));
      if (entry) entry.lastOutboundAt = clock.now();
    },
    status: () => [...running.values()].map(accountStatus),
    webhook(path) {
      for (const { connection } of running.values()) {
        const handle = connection?.handle;
        if (handle && connection.webhookPath === path) return (request) => handle.call(connection, request);
      }
      return undefined;
    },
  };
}

const isEnabled = (section: unknown) =>
  typeof section === "object" && section !== null && (section as { enabled?: boolean }).enabled !== false;

function retryPolicy(config: unknown): RetryPolicy {
  return { ...defaultRetry, ...(config as { retry?: Partial<RetryPolicy> }).retry };
}
