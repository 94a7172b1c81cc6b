import type { Clock } from "@openclaw/core";

/** Runs jobs one at a time in each lane, and at most `limit()` lanes side by side, in the order lanes became ready. */
export interface SessionLanes<Job> {
  /** `delayMs`: the lane rests at least this long after the newest such job before it goes on. */
  add(lane: string, job: Job, delayMs?: number): void;
  /** Jobs of a lane that have not started, oldest first. */
  waiting(lane: string): readonly Job[];
  /** Takes waiting jobs out of a lane. */
  remove(lane: string, match: (job: Job) => boolean): Job[];
  isBusy(lane: string): boolean;
  /** Lanes that run a job now. */
  readonly active: number;
  /** No further job starts; resolves when the running ones have ended. */
  stop(): Promise<void>;
}

export interface SessionLanesOptions<Job> {
  limit(): number;
  clock: Clock;
  /** Must not reject. */
  run(job: Job, lane: string): Promise<void>;
}

interface Lane<Job> {
  waiting: Job[];
  busy: boolean;
  /** Epoch ms before which the lane rests. */
  restsUntil: number;
  cancelRest?: () => void;
}

export function createSessionLanes<Job>({ limit, clock, run }: SessionLanesOptions<Job>): SessionLanes<Job> {
  const lanes = new Map<string, Lane<Job>>();
  const ready = new Set<string>();
  let active = 0;
  let stopped = false;
  let idle: () => void = () => {};

  /** Lets a lane with work queue up for a place, now or after its rest. */
  function wake(key: string, lane: Lane<Job>): void {
    if (lane.busy || lane.waiting.length === 0) return;
    lane.cancelRest?.();
    const rest = lane.restsUntil - clock.now();
    if (rest > 0) {
      lane.cancelRest = clock.after(rest, () => wake(key, lane));
      return;
    }
    ready.add(key);
    schedule();
  }

  function schedule(): void {
    for (const key of ready) {
      if (stopped || active >= Math.max(1, limit())) return;
      ready.delete(key);
      const lane = lanes.get(key);
      const job = lane?.waiting.shift();
      if (!lane || job === undefined) continue;
      lane.busy = true;
      active++;
      void run(job, key).then(() => {
        active--;
        lane.busy = false;
        if (lane.waiting.length === 0) lanes.delete(key);
        else wake(key, lane);
        schedule();
        if (active === 0) idle();
      });
    }
  }

  return {
    add(key, job, delayMs = 0) {
      const lane = lanes.get(key) ?? { waiting: [], busy: false, restsUntil: 0 };
      lanes.set(key, lane);
      lane.waiting.push(job);
      if (delayMs > 0) lane.restsUntil = clock.now() + delayMs;
      wake(key, lane);
    },
    waiting: (key) => lanes.get(key)?.waiting ?? [],
    remove(key, match) {
      const lane = lanes.get(key);
      if (!lane) return [];
      const removed = lane.waiting.filter(match);
      lane.waiting = lane.waiting.filter((job) => !match(job));
      return removed;
    },
    isBusy: (key) => lanes.get(key)?.busy ?? false,
    get active() {
      return active;
    },
    async stop() {
      stopped = true;
      for (const lane of lanes.values()) lane.cancelRest?.();
      if (active > 0) await new Promise<void>((resolve) => (idle = resolve));
    },
  };
}
