import { flag, int, num, section } from "./dsl.ts";

export const web = section("Runtime of the channel that runs over a linked web session.", {
  enabled: flag("Start it when a linked session exists.", { default: true }),
  heartbeatSeconds: int("Time between signs of life.", { default: 60, minimum: 1, unit: "s" }),
  reconnect: section("Pauses between attempts to connect.", {
    initialMs: int("First pause.", { default: 2000, minimum: 0, unit: "ms" }),
    maxMs: int("Longest pause.", { default: 120_000, minimum: 0, unit: "ms" }),
    factor: num("Growth from one pause to the next.", { default: 1.4, minimum: 1 }),
    jitter: num("Random share of a pause.", { default: 0.2, minimum: 0, maximum: 1 }),
    maxAttempts: int("Give up after this many; 0 never.", { default: 0, minimum: 0 }),
  }),
});
