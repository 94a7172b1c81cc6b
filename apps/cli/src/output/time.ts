import type { Terminal } from "./terminal.ts";

const steps = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1000, "s"],
] as const;

/** `3 min`: the largest unit that fits, for people. Milliseconds in. */
export function duration(ms: number): string {
  for (const [size, unit] of steps) if (ms >= size) return `${Math.floor(ms / size)} ${unit}`;
  return "0 s";
}

/** An instant: `3 min ago` for a person, ISO for a pipe, undefined when it is not known. */
export function when(
  at: number | string | null | undefined,
  terminal: Pick<Terminal, "interactive">,
  now = Date.now(),
): string | undefined {
  const time = typeof at === "string" ? Date.parse(at) : at;
  if (!time) return undefined;
  return terminal.interactive ? `${duration(Math.max(0, now - time))} ago` : new Date(time).toISOString();
}
