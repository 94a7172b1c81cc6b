import type { Rule } from "../engine/rule.ts";
import { calculateRule } from "./calculate.ts";
import { dateRule } from "./dates.ts";
import { timeRule } from "./time.ts";
import { unitRule } from "./units.ts";
import { fileRules } from "./files.ts";
import { helpRules } from "./help.ts";
import { listRules } from "./lists.ts";
import { memoryRules } from "./memory.ts";
import { shellRules } from "./shell.ts";
import { statusRules } from "./status.ts";
import { talkRules } from "./talk.ts";
import { webRules } from "./web.ts";

/** In the order in which help shows them; of equal scores the first wins. */
export const offlineRules: readonly Rule[] = [
  ...memoryRules,
  ...fileRules,
  ...listRules,
  timeRule,
  dateRule,
  unitRule,
  calculateRule,
  ...webRules,
  ...shellRules,
  ...statusRules,
  ...helpRules,
  ...talkRules,
];
