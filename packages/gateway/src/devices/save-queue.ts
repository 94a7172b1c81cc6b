/** Requests a save; resolves when a save that began after the request has finished. */
export interface SaveQueue {
  (): Promise<void>;
  /** Resolves when nothing is being written, whatever became of it. */
  idle(): Promise<void>;
}

/**
 * One write at a time, and requests that arrive during a write share the next one: the file always ends with the
 * newest state, and a burst of changes costs two writes.
 */
export function createSaveQueue(save: () => Promise<void>): SaveQueue {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function start(): Promise<void> {
    const current = save().finally(() => {
      if (running === current) running = undefined;
    });
    running = current;
    return current;
  }

  function request(): Promise<void> {
    if (next) return next;
    if (!running) return start();
    next = running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  }

  return Object.assign(request, {
    async idle() {
      await (next ?? running)?.catch(() => undefined);
    },
  });
}
