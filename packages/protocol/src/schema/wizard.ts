import type { Static } from "typebox";
import { anything, flag, list, oneOf, open, optional, strict, string, text } from "./building-blocks.ts";

export const WizardStartParams = strict({ mode: optional(oneOf(["local", "remote"])), workspace: optional(string()) });
export type WizardStartParams = Static<typeof WizardStartParams>;

export const WizardNextParams = strict({
  sessionId: text(),
  answer: optional(strict({ stepId: text(), value: optional(anything()) })),
});
export type WizardNextParams = Static<typeof WizardNextParams>;

/** Params of `wizard.cancel` and `wizard.status`. */
export const WizardSessionParams = strict({ sessionId: text() });
export type WizardSessionParams = Static<typeof WizardSessionParams>;

export const WizardStep = open({
  id: text(),
  type: oneOf(["note", "select", "text", "confirm", "multiselect", "progress", "action"]),
  title: optional(string()),
  message: optional(string()),
  options: optional(list(open({ value: anything(), label: string(), hint: optional(string()) }))),
  initialValue: optional(anything()),
  placeholder: optional(string()),
  sensitive: optional(flag()),
  executor: optional(oneOf(["gateway", "client"])),
});
export type WizardStep = Static<typeof WizardStep>;

const status = () => oneOf(["running", "done", "cancelled", "error"]);

export const WizardStartResult = open({
  sessionId: text(),
  done: flag(),
  step: optional(WizardStep),
  status: optional(status()),
  error: optional(string()),
});
export type WizardStartResult = Static<typeof WizardStartResult>;

export const WizardNextResult = open({
  done: flag(),
  step: optional(WizardStep),
  status: optional(status()),
  error: optional(string()),
});
export type WizardNextResult = Static<typeof WizardNextResult>;

export const WizardStatusResult = open({ status: status(), error: optional(string()) });
export type WizardStatusResult = Static<typeof WizardStatusResult>;
