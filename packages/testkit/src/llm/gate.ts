/** A door that a test opens: instead of a sleep. */
export interface Gate {
  /** Resolves once the gate is open. */
  readonly opened: Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  let resolveOpened: (() => void) | undefined;
  const opened = new Promise<void>((resolve) => (resolveOpened = resolve));
  return { opened, open: () => resolveOpened?.() };
}
