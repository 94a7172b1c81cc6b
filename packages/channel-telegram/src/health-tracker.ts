import type { Clock, Health, Liveness } from "@openclaw/plugin-sdk";

type Direction = "inbound" | "outbound";

/** The account's liveness, kept from what really happened and answered from memory. */
export interface HealthTracker {
  up(direction: Direction): void;
  down(direction: Direction, error: string): void;
  connecting(direction: Direction): void;
  reconnected(): void;
  /** A sentence for a person; undefined takes it back. */
  problem(text: string | undefined): void;
  identity(name: string): void;
  /** Closed: neither direction is tried. */
  idle(): void;
  snapshot(): Health;
}

export function createHealthTracker(clock: Clock, changed: () => void): HealthTracker {
  const health: Health = { inbound: { state: "idle" }, outbound: { state: "idle" }, reconnects: 0 };
  const set = (direction: Direction, next: Liveness) => {
    const before = health[direction];
    health[direction] = next;
    if (before.state !== next.state || before.lastError !== next.lastError) changed();
  };
  return {
    up: (direction) => set(direction, { state: "up", lastOkAt: clock.now() }),
    down: (direction, lastError) => set(direction, { ...health[direction], state: "down", lastError }),
    connecting: (direction) => set(direction, { ...health[direction], state: "connecting" }),
    reconnected() {
      health.reconnects += 1;
    },
    problem(text) {
      if (health.problem === text) return;
      if (text === undefined) delete health.problem;
      else health.problem = text;
      changed();
    },
    identity(name) {
      health.identity = name;
    },
    idle() {
      set("inbound", { ...health.inbound, state: "idle" });
      set("outbound", { ...health.outbound, state: "idle" });
    },
    snapshot: () => ({ ...health, inbound: { ...health.inbound }, outbound: { ...health.outbound } }),
  };
}
