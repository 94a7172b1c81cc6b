import {
  type ChannelHost,
  type ChannelStore,
  type Clock,
  type Inbound,
  type Log,
  type LogLevel,
  systemClock,
} from "@openclaw/plugin-sdk";

export interface LogEntry {
  level: LogLevel;
  message: string;
  fields?: Record<string, unknown>;
}

/** A gateway of one account, in memory: it stores what a channel hands over and lets a test watch and disturb it. */
export interface TestHost extends ChannelHost {
  /** Every call of `receive`, refused by us or not, oldest first. */
  readonly calls: Inbound[];
  /** What was stored, each key once. */
  readonly received: Inbound[];
  readonly logs: LogEntry[];
  readonly moves: { from: string; to: string }[];
  /** Calls of `receive` wait until the returned function is called, as with a slow disk. */
  holdReceive(): () => void;
  /** The next `times` calls of `receive` reject, as with a full disk. */
  failReceive(times: number): void;
  /** The first stored event that fits, past or future. Rejects after `timeoutMs` (default 5000) of real time. */
  waitForInbound(matches: (inbound: Inbound) => boolean, timeoutMs?: number): Promise<Inbound>;
}

export interface TestHostOptions {
  accountId?: string;
  clock?: Clock;
  /** Give the same store to a second host to play a restart. */
  store?: ChannelStore;
}

export function createTestHost(options: TestHostOptions = {}): TestHost {
  const calls: Inbound[] = [];
  const received: Inbound[] = [];
  const logs: LogEntry[] = [];
  const moves: { from: string; to: string }[] = [];
  const watchers = new Set<(inbound: Inbound) => void>();
  let failures = 0;
  let held: Promise<void> | undefined;
  return {
    accountId: options.accountId ?? "default",
    clock: options.clock ?? systemClock,
    store: options.store ?? createMemoryStore(),
    log: recordingLog(logs, ""),
    calls,
    received,
    logs,
    moves,
    failReceive(times) {
      failures = times;
    },
    holdReceive() {
      const gate = new EventTarget();
      held = new Promise((resolve) => gate.addEventListener("open", () => resolve()));
      return () => {
        held = undefined;
        gate.dispatchEvent(new Event("open"));
      };
    },
    async receive(inbound) {
      const copy: Inbound = JSON.parse(JSON.stringify(inbound));
      calls.push(copy);
      await held;
      if (failures > 0) {
        failures -= 1;
        throw new Error("the disk is full");
      }
      if (received.some((earlier) => earlier.key === copy.key)) return "duplicate";
      received.push(copy);
      for (const watcher of watchers) watcher(copy);
      return "accepted";
    },
    chatMoved(from, to) {
      moves.push({ from, to });
      return Promise.resolve();
    },
    healthChanged() {},
    waitForInbound(matches, timeoutMs = 5000) {
      const earlier = received.find(matches);
      if (earlier !== undefined) return Promise.resolve(earlier);
      return new Promise((resolve, reject) => {
        const watcher = (inbound: Inbound) => {
          if (!matches(inbound)) return;
          clearTimeout(timer);
          watchers.delete(watcher);
          resolve(inbound);
        };
        const timer = setTimeout(() => {
          watchers.delete(watcher);
          const texts = received.slice(-5).map((one) => `${one.kind} ${JSON.stringify(one.text.slice(0, 40))}`);
          reject(new Error(`no matching event within ${timeoutMs} ms; last received: ${texts.join(", ") || "none"}`));
        }, timeoutMs);
        watchers.add(watcher);
      });
    },
  };
}

/** A store that lives as long as the object. Values pass through JSON, as in the real one. */
export function createMemoryStore(): ChannelStore {
  const values = new Map<string, string>();
  return {
    get(key) {
      const text = values.get(key);
      return Promise.resolve(text === undefined ? undefined : JSON.parse(text));
    },
    set(key, value) {
      values.set(key, JSON.stringify(value));
      return Promise.resolve();
    },
    delete(key) {
      values.delete(key);
      return Promise.resolve();
    },
  };
}

function recordingLog(entries: LogEntry[], prefix: string): Log {
  const at = (level: LogLevel) => (message: string, fields?: Record<string, unknown>) => {
    entries.push({ level, message: prefix + message, ...(fields === undefined ? {} : { fields }) });
  };
  return {
    trace: at("trace"),
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (name) => recordingLog(entries, `${prefix}${name}: `),
  };
}
