import type { QueueSettings } from "@openclaw/core/reply";
import type { TurnRequest } from "../../store/turns.ts";

/** What a message asks for itself alone, over the session's own choices. */
export interface TurnOverrides {
  thinking?: NonNullable<TurnRequest["thinking"]>;
  /** `provider/model`. */
  model?: string;
  verbose?: string;
  reasoning?: string;
  elevated?: string;
  exec?: { host?: string; security?: string; ask?: string; node?: string };
  queue?: Partial<QueueSettings>;
}
