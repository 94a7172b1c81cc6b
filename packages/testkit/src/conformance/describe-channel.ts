import { describe, it } from "vitest";
import { definitionCases } from "./cases/definition.ts";
import { failingCases } from "./cases/failing.ts";
import { livingCases } from "./cases/living.ts";
import { receivingCases } from "./cases/receiving.ts";
import { sendingCases } from "./cases/sending.ts";
import type { ConformanceCase } from "./conformance-case.ts";
import type { AnyHarness, ChannelHarness } from "./harness.ts";

/** Everything asked of a channel, in the order it is run. */
export const CASES: readonly ConformanceCase[] = [
  ...definitionCases,
  ...receivingCases,
  ...sendingCases,
  ...failingCases,
  ...livingCases,
];

/** Whether the channel claims what the case is about. */
export const isAsked = (known: ConformanceCase, harness: AnyHarness): boolean =>
  known.needs?.(harness.definition.capabilities, harness) ?? true;

export interface DescribeChannelOptions<Config, Target> {
  name: string;
  /** A fresh platform and account; called for every case. */
  create(): Promise<ChannelHarness<Config, Target>>;
  /** Cases this platform cannot pass, by id, each with the reason. Shown as skipped, reason included. */
  waivers?: Readonly<Record<string, string>>;
}

/** The suite every channel passes. Call it at the top of a test file. */
export function describeChannel<Config, Target>(options: DescribeChannelOptions<Config, Target>): void {
  const { name, waivers = {} } = options;
  for (const [id, reason] of Object.entries(waivers)) {
    if (!CASES.some((known) => known.id === id)) throw new Error(`waiver for an unknown case: ${id}`);
    if (reason.trim().length < 10) throw new Error(`the waiver for ${id} needs a reason`);
  }
  describe(`${name} conforms: it`, () => {
    for (const known of CASES) {
      const waiver = waivers[known.id];
      if (waiver !== undefined) it.skip(`${known.title} [waived: ${waiver}]`, () => {});
      else
        it(`${known.title} [${known.id}]`, async (context) => {
          const harness = await options.create();
          try {
            context.skip(!isAsked(known, harness), "not among its capabilities");
            await known.run(harness);
          } finally {
            await harness.close();
          }
        });
    }
  });
}
