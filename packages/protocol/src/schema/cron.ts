import { Type, type Static } from "typebox";
import { flag, int, list, nullable, oneOf, open, optional, strict, string, text, time } from "./building-blocks.ts";

/** When a job runs: once at an ISO time, every so many ms (counted from `anchorMs`), or by a cron expression in a zone. */
export const CronSchedule = Type.Union([
  strict({ kind: Type.Literal("at"), at: text() }),
  strict({ kind: Type.Literal("every"), everyMs: int(1), anchorMs: optional(time()) }),
  strict({ kind: Type.Literal("cron"), expr: text(), tz: optional(string()) }),
]);
export type CronSchedule = Static<typeof CronSchedule>;

/** What a job does: a line for the main session's next turn, or a turn of its own. */
export const CronPayload = Type.Union([
  strict({ kind: Type.Literal("systemEvent"), text: text() }),
  strict({
    kind: Type.Literal("agentTurn"),
    message: text(),
    model: optional(string()),
    thinking: optional(string()),
    timeoutSeconds: optional(int(1)),
    allowUnsafeExternalContent: optional(flag()),
    deliver: optional(flag()),
    channel: optional(string()),
    to: optional(string()),
    bestEffortDeliver: optional(flag()),
  }),
]);
export type CronPayload = Static<typeof CronPayload>;

const CronPayloadPatch = Type.Union([
  strict({ kind: Type.Literal("systemEvent"), text: optional(text()) }),
  strict({
    kind: Type.Literal("agentTurn"),
    message: optional(text()),
    model: optional(string()),
    thinking: optional(string()),
    timeoutSeconds: optional(int(1)),
    allowUnsafeExternalContent: optional(flag()),
    deliver: optional(flag()),
    channel: optional(string()),
    to: optional(string()),
    bestEffortDeliver: optional(flag()),
  }),
]);

const deliveryTarget = { channel: optional(string()), to: optional(string()), bestEffort: optional(flag()) };

/** Only for isolated jobs; their default is `{mode:"announce"}`. */
export const CronDelivery = strict({ mode: oneOf(["none", "announce"]), ...deliveryTarget });
export type CronDelivery = Static<typeof CronDelivery>;

const state = {
  nextRunAtMs: optional(time()),
  runningAtMs: optional(time()),
  lastRunAtMs: optional(time()),
  lastStatus: optional(oneOf(["ok", "error", "skipped"])),
  lastError: optional(string()),
  lastDurationMs: optional(int(0)),
};

export const CronJobState = open(state);
export type CronJobState = Static<typeof CronJobState>;

const sessionTarget = () => oneOf(["main", "isolated"]);
const wakeMode = () => oneOf(["next-heartbeat", "now"]);

export const CronJob = open({
  id: text(),
  agentId: optional(text()),
  name: text(),
  description: optional(string()),
  enabled: flag(),
  deleteAfterRun: optional(flag()),
  createdAtMs: time(),
  updatedAtMs: time(),
  schedule: CronSchedule,
  sessionTarget: sessionTarget(),
  wakeMode: wakeMode(),
  payload: CronPayload,
  delivery: optional(CronDelivery),
  state: CronJobState,
});
export type CronJob = Static<typeof CronJob>;

export const CronStatusParams = strict({});
export type CronStatusParams = Static<typeof CronStatusParams>;

export const CronListParams = strict({ includeDisabled: optional(flag()) });
export type CronListParams = Static<typeof CronListParams>;

export const CronAddParams = strict({
  name: text(),
  agentId: optional(nullable(text())),
  description: optional(string()),
  enabled: optional(flag()),
  deleteAfterRun: optional(flag()),
  schedule: CronSchedule,
  sessionTarget: sessionTarget(),
  wakeMode: wakeMode(),
  payload: CronPayload,
  delivery: optional(CronDelivery),
});
export type CronAddParams = Static<typeof CronAddParams>;

export const CronJobPatch = strict({
  name: optional(text()),
  agentId: optional(nullable(text())),
  description: optional(string()),
  enabled: optional(flag()),
  deleteAfterRun: optional(flag()),
  schedule: optional(CronSchedule),
  sessionTarget: optional(sessionTarget()),
  wakeMode: optional(wakeMode()),
  payload: optional(CronPayloadPatch),
  delivery: optional(strict({ mode: optional(oneOf(["none", "announce"])), ...deliveryTarget })),
  state: optional(strict(state)),
});
export type CronJobPatch = Static<typeof CronJobPatch>;

/** A job is named by `id`, or by `jobId` as older callers write it. */
export const CronUpdateParams = Type.Union([
  strict({ id: text(), patch: CronJobPatch }),
  strict({ jobId: text(), patch: CronJobPatch }),
]);
export type CronUpdateParams = Static<typeof CronUpdateParams>;

export const CronRemoveParams = Type.Union([strict({ id: text() }), strict({ jobId: text() })]);
export type CronRemoveParams = Static<typeof CronRemoveParams>;

const runMode = () => optional(oneOf(["due", "force"]));

export const CronRunParams = Type.Union([
  strict({ id: text(), mode: runMode() }),
  strict({ jobId: text(), mode: runMode() }),
]);
export type CronRunParams = Static<typeof CronRunParams>;

const runsLimit = () => optional(int(1, 5000));

export const CronRunsParams = Type.Union([
  strict({ id: text(), limit: runsLimit() }),
  strict({ jobId: text(), limit: runsLimit() }),
]);
export type CronRunsParams = Static<typeof CronRunsParams>;

export const CronStatusResult = open({
  enabled: flag(),
  storePath: string(),
  jobs: int(0),
  nextWakeAtMs: nullable(time()),
});
export type CronStatusResult = Static<typeof CronStatusResult>;

export const CronListResult = open({ jobs: list(CronJob) });
export type CronListResult = Static<typeof CronListResult>;

export const CronRemoveResult = open({ ok: flag(), removed: flag() });
export type CronRemoveResult = Static<typeof CronRemoveResult>;

export const CronRunResult = open({ ok: flag(), ran: flag(), reason: optional(string()) });
export type CronRunResult = Static<typeof CronRunResult>;

export const CronRunEntry = open({
  ts: time(),
  jobId: text(),
  action: oneOf(["finished"]),
  status: optional(oneOf(["ok", "error", "skipped"])),
  summary: optional(string()),
  error: optional(string()),
  sessionId: optional(string()),
  sessionKey: optional(string()),
  runAtMs: optional(time()),
  durationMs: optional(int(0)),
  nextRunAtMs: optional(time()),
});
export type CronRunEntry = Static<typeof CronRunEntry>;

export const CronRunsResult = open({ entries: list(CronRunEntry) });
export type CronRunsResult = Static<typeof CronRunsResult>;

/** Payload of event `cron`. */
export const CronEvent = open({
  jobId: text(),
  action: oneOf(["added", "updated", "removed", "started", "finished"]),
  runAtMs: optional(time()),
  durationMs: optional(int(0)),
  status: optional(oneOf(["ok", "error", "skipped"])),
  error: optional(string()),
  summary: optional(string()),
  sessionId: optional(string()),
  sessionKey: optional(string()),
  nextRunAtMs: optional(time()),
});
export type CronEvent = Static<typeof CronEvent>;
