export interface HumanDelay {
  mode?: "off" | "natural" | "custom";
  minMs?: number;
  maxMs?: number;
}

/**
 * Pause before block number `index` (from 0), so that blocks come as a person would type them: none before the first,
 * then 800-2500 ms, or what `custom` says. `random`: [0, 1).
 */
export function humanDelayMs(settings: HumanDelay | undefined, index: number, random: () => number): number {
  const mode = settings?.mode ?? "off";
  if (mode === "off" || index === 0) return 0;
  const custom = mode === "custom";
  const min = Math.max(0, custom ? (settings?.minMs ?? 800) : 800);
  const max = Math.max(min, custom ? (settings?.maxMs ?? 2500) : 2500);
  return Math.round(min + random() * (max - min));
}
