import type { OpenClawConfig } from "@openclaw/core/config";
import type { LaneGroup } from "../store/turns.ts";

/**
 * Turns that other turns wait for have places of their own: with one place for all, a session would wait for an answer
 * that cannot be worked on.
 */
const NESTED_TURNS = 8;

/** How many turns of a group run side by side. */
export function placesOf(group: LaneGroup, { agents }: OpenClawConfig): number {
  if (group === "nested") return NESTED_TURNS;
  return (group === "subagent" ? agents?.defaults?.subagents?.maxConcurrent : agents?.defaults?.maxConcurrent) ?? 1;
}
