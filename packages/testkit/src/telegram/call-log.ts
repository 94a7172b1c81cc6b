import type { MultipartFile } from "./multipart.ts";

/** One request a client made, as the platform saw it. */
export interface Call {
  /** Counts from 1 in the order of arrival. */
  seq: number;
  method: string;
  params: Readonly<Record<string, unknown>>;
  files: Readonly<Record<string, MultipartFile>>;
  /** Epoch ms. */
  at: number;
  /**
   * `ok` and `refused`: an answer left. `lost`: the connection was cut or left hanging on purpose; `accepted` tells
   * whether the call had taken effect. `pending`: still being answered.
   */
  outcome: "pending" | "ok" | "refused" | "lost";
  accepted: boolean;
  /** HTTP status of the answer. */
  status?: number;
  result?: unknown;
  description?: string;
}

type Settle = (call: Call) => void;

export interface CallLog {
  begin(method: string, params: Record<string, unknown>, files: Record<string, MultipartFile>): Call;
  finish(call: Call, change: Partial<Call>): void;
  all(method?: string): Call[];
  waitFor(method: string, predicate?: (call: Call) => boolean, timeoutMs?: number): Promise<Call>;
}

export function createCallLog(): CallLog {
  const calls: Call[] = [];
  const watchers = new Set<Settle>();
  return {
    begin(method, params, files) {
      const call: Call = {
        seq: calls.length + 1,
        method,
        params,
        files,
        at: Date.now(),
        outcome: "pending",
        accepted: false,
      };
      calls.push(call);
      return call;
    },
    finish(call, change) {
      Object.assign(call, change);
      for (const watcher of watchers) watcher(call);
    },
    all: (method) => (method === undefined ? [...calls] : calls.filter((call) => call.method === method)),
    waitFor(method, predicate = () => true, timeoutMs = 5000) {
      const matches = (call: Call) => call.method === method && call.outcome !== "pending" && predicate(call);
      const earlier = calls.find(matches);
      if (earlier !== undefined) return Promise.resolve(earlier);
      return new Promise((resolve, reject) => {
        const watcher: Settle = (call) => {
          if (!matches(call)) return;
          clearTimeout(timer);
          watchers.delete(watcher);
          resolve(call);
        };
        const timer = setTimeout(() => {
          watchers.delete(watcher);
          const seen = calls.filter((call) => call.method !== "getUpdates").slice(-8);
          reject(
            new Error(
              `no matching ${method} within ${timeoutMs} ms; last calls: ${seen.map((call) => `${call.method} ${call.outcome}`).join(", ") || "none"}`,
            ),
          );
        }, timeoutMs);
        watchers.add(watcher);
      });
    },
  };
}
