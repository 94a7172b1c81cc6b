import type { Capabilities } from "@openclaw/plugin-sdk";
import type { AnyHarness } from "./harness.ts";

/** One thing every channel must do. Fails by throwing; the harness is fresh. */
export interface ConformanceCase {
  /** Stable name, for waivers. */
  id: string;
  /** Reads as a sentence after the channel's name. */
  title: string;
  /** Only for channels that claim to be able to. */
  needs?: (capabilities: Capabilities, harness: AnyHarness) => boolean;
  run(harness: AnyHarness): Promise<void>;
}
