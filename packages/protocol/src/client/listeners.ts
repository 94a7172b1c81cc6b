type Listener = (...args: never[]) => void;

/** Listeners by event name. One that throws does not stop the others; its error goes to the global handler. */
export function createListeners<Events extends { [K in keyof Events]: unknown[] }>() {
  const byEvent = new Map<keyof Events, Map<symbol, Listener>>();

  /** Adds a listener; the returned function removes it. A function added twice is called twice. */
  const on = <E extends keyof Events>(event: E, listener: (...args: Events[E]) => void): (() => void) => {
    const listeners = byEvent.get(event) ?? new Map<symbol, Listener>();
    byEvent.set(event, listeners);
    const entry = Symbol("listener");
    listeners.set(entry, listener as unknown as Listener);
    return () => listeners.delete(entry);
  };

  const emit = <E extends keyof Events>(event: E, ...args: Events[E]): void => {
    for (const listener of Array.from(byEvent.get(event)?.values() ?? [])) {
      try {
        listener(...(args as unknown as never[]));
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  };

  return { on, emit };
}
