import { expect, test } from "vitest";
import { sourceCommand } from "../command.ts";
import { runChaos } from "./chaos.ts";

/** Killed 300 times in the nightly run: `pnpm bench:chaos`. */
const KILLS = 20;

test("killing the gateway while people write loses nothing, repeats nothing and mixes nothing up", async () => {
  const seed = Date.now() % 1_000_000;
  const { lost, doubled, misdirected, answered, sent, inDoubt, fates } = await runChaos({
    command: sourceCommand,
    kills: KILLS,
    seed,
  });
  expect({ seed, lost, doubled, misdirected, fates }).toEqual({
    seed,
    lost: [],
    doubled: [],
    misdirected: [],
    fates: {},
  });
  expect(answered + inDoubt.length).toBe(sent);
}, 240_000);
