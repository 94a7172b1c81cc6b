/** What goes wrong with the next call. Exactly one of `status`, `retryAfter`, `reset`, `hang`, `badJson` is read. */
export interface Fault {
  /** Bot API method; every `send...` when absent. */
  method?: string;
  /** How many calls it hits. Default 1. */
  times?: number;
  /** Refuse with this HTTP status and error code, without taking effect. */
  status?: number;
  description?: string;
  /** Refuse with 429 and this many seconds. */
  retryAfter?: number;
  /** Cut the connection: before the call takes effect, or after it did, so that only the answer is lost. */
  reset?: "before" | "after-accept";
  /** Never answer. */
  hang?: "before" | "after-accept";
  /** Take effect, then answer with a body that is not JSON, as a broken proxy does. */
  badJson?: boolean;
}

export interface Faults {
  add(fault: Fault): void;
  /** The fault for this call, used up by one. */
  take(method: string): Fault | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  let pending: { fault: Fault; left: number }[] = [];
  const hits = (fault: Fault, method: string) =>
    fault.method === undefined ? /^send(?!ChatAction)/.test(method) : fault.method === method;
  return {
    add(fault) {
      pending.push({ fault, left: fault.times ?? 1 });
    },
    take(method) {
      const found = pending.find(({ fault }) => hits(fault, method));
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left <= 0) pending = pending.filter((entry) => entry !== found);
      return found.fault;
    },
    clear() {
      pending = [];
    },
  };
}
