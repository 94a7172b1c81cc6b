/** Knows which calls are under way, so that closing can let them finish. */
export interface RunningCalls {
  track<T>(call: Promise<T>): Promise<T>;
  /** Resolves when all calls known now have settled. */
  settled(): Promise<void>;
}

export function createRunningCalls(): RunningCalls {
  const running = new Set<Promise<unknown>>();
  return {
    async track(call) {
      running.add(call);
      try {
        return await call;
      } finally {
        running.delete(call);
      }
    },
    async settled() {
      await Promise.allSettled(running);
    },
  };
}
