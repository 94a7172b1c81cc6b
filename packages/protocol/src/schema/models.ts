import type { Static } from "typebox";
import { flag, int, list, open, optional, strict, string, text } from "./building-blocks.ts";

export const ModelsListParams = strict({});
export type ModelsListParams = Static<typeof ModelsListParams>;

export const ModelRow = open({
  id: text(),
  name: string(),
  provider: text(),
  /** Tokens. */
  contextWindow: optional(int(0)),
  reasoning: optional(flag()),
  /** What the model reads: "text", "image". */
  input: optional(list(string())),
});
export type ModelRow = Static<typeof ModelRow>;

export const ModelsListResult = open({ models: list(ModelRow) });
export type ModelsListResult = Static<typeof ModelsListResult>;
