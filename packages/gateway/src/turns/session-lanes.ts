import type { Clock } from "@openclaw/core";

/**
 * Runs jobs one at a time in each lane, and at most `limit(group)` jobs of a group side by side, in the order lanes
 * became ready. A lane whose next job finds its group full lets lanes with jobs of other groups pass.
 */
export interface SessionLanes<Job> {
  /** `delayMs`: the lane rests at least this long after the newest such job before it goes on. */
  add(lane: string, job: Job, delayMs?: number): void;
  /** Jobs of a lane that have not started, oldest first. */
  waiting(lane: string): readonly Job[];
  /** Takes waiting jobs out of a lane. */
  remove(lane: string, match: (job: Job) => boolean): Job[];
  isBusy(lane: string): boolean;
  /** Whether `add` would start this job at once. */
  startsNow(lane: string, job: Job): boolean;
  /** Lanes that run a job now. */
  readonly active: number;
  /** No further job starts; resolves when the running ones have ended. */
  stop(): Promise<void>;
}

export interface SessionLanesOptions<Job> {
  limit(group: string): number;
  /** The group that a job takes its place in. Default: all are of one. */
  group?(job: Job): string;
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

export function createSessionLanes<Job>({
  limit,
  group = () => "main",
  clock,
  run,
}: SessionLanesOptions<Job>): SessionLanes<Job> {
  const lanes = new Map<string, Lane<Job>>();
  const ready = new Set<string>();
  const places = new Map<string, number>();
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

  const hasPlace = (name: string) => (places.get(name) ?? 0) < Math.max(1, limit(name));

  function schedule(): void {
    for (const key of ready) {
      if (stopped) return;
      const lane = lanes.get(key);
      const job = lane?.waiting[0];
      if (!lane || job === undefined) {
        ready.delete(key);
        continue;
      }
      const name = group(job);
      if (!hasPlace(name)) continue;
      ready.delete(key);
      lane.waiting.shift();
      lane.busy = true;
      places.set(name, (places.get(name) ?? 0) + 1);
      active++;
      void run(job, key).then(() => {
        places.set(name, (places.get(name) ?? 1) - 1);
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
    startsNow(key, job) {
      const lane = lanes.get(key);
      const rests = lane !== undefined && (lane.busy || lane.waiting.length > 0 || lane.restsUntil > clock.now());
      return !stopped && !rests && hasPlace(group(job));
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
