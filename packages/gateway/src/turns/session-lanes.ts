/** Runs jobs one at a time in each lane, and at most `limit()` lanes side by side, in the order lanes became ready. */
export interface SessionLanes<Job> {
  add(lane: string, job: Job): void;
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

interface Lane<Job> {
  waiting: Job[];
  busy: boolean;
}

/** `run` must not reject. */
export function createSessionLanes<Job>(limit: () => number, run: (job: Job, lane: string) => Promise<void>): SessionLanes<Job> {
  const lanes = new Map<string, Lane<Job>>();
  const ready: string[] = [];
  let active = 0;
  let stopped = false;
  let idle: () => void = () => {};

  function schedule(): void {
    while (!stopped && active < Math.max(1, limit()) && ready.length > 0) {
      const key = ready.shift() as string;
      const lane = lanes.get(key);
      if (!lane || lane.busy) continue;
      const job = lane.waiting.shift();
      if (job === undefined) {
        lanes.delete(key);
        continue;
      }
      lane.busy = true;
      active++;
      void run(job, key).then(() => {
        active--;
        lane.busy = false;
        if (lane.waiting.length > 0) ready.push(key);
        else lanes.delete(key);
        schedule();
        if (active === 0) idle();
      });
    }
  }

  return {
    add(key, job) {
      const lane = lanes.get(key) ?? { waiting: [], busy: false };
      lanes.set(key, lane);
      lane.waiting.push(job);
      if (!lane.busy && lane.waiting.length === 1) ready.push(key);
      schedule();
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
      if (active > 0) await new Promise<void>((resolve) => (idle = resolve));
    },
  };
}
