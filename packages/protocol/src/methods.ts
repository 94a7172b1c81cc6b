import type { Role, Scope } from "./constants.ts";
import type * as schema from "./schema/index.ts";
import type { Static, TSchema } from "typebox";

type SchemaName = { [K in keyof typeof schema]: (typeof schema)[K] extends TSchema ? K : never }[keyof typeof schema];
type ParamsName = Extract<SchemaName, `${string}Params`>;

export interface MethodSpec {
  /** Name of the params schema in `@openclaw/protocol/schema`; its compiled form is what `validateParams` runs. */
  params: ParamsName;
  /** Who may call: an operator with this scope, or a node. */
  access: { scope: Scope } | { role: Exclude<Role, "operator"> };
  /** Listed in `hello-ok.features.methods`. */
  advertised: boolean;
  /** Name of the result's schema where one is worth typing. */
  result?: SchemaName;
  /** Answered twice under one id: `status:"accepted"` first, the outcome later. */
  twoStage?: true;
  /** The answer waits for work of unknown length, so a client sets no time limit of its own. */
  longRunning?: true;
  /** The whole refusal for bad params, where the contract has a text of its own instead of the schema's findings. */
  refusal?: string;
}

const read = { scope: "operator.read" } as const;
const write = { scope: "operator.write" } as const;
const admin = { scope: "operator.admin" } as const;
const approvals = { scope: "operator.approvals" } as const;
const pairing = { scope: "operator.pairing" } as const;
const node = { role: "node" } as const;

/**
 * Every method of the wire: the one place that says which params it takes and who may call it.
 * Advertised methods stand in the order of `hello-ok.features.methods`.
 */
export const METHODS = {
  health: { params: "HealthParams", access: read, advertised: true, result: "HealthSummary" },
  "logs.tail": { params: "LogsTailParams", access: read, advertised: true, result: "LogsTailResult" },
  "channels.status": { params: "ChannelsStatusParams", access: read, advertised: true, result: "ChannelsStatusResult" },
  "channels.logout": { params: "ChannelsLogoutParams", access: admin, advertised: true },
  status: { params: "AnyParams", access: read, advertised: true },
  "usage.status": { params: "AnyParams", access: read, advertised: true },
  "usage.cost": { params: "UsageCostParams", access: read, advertised: true },
  "tts.status": { params: "AnyParams", access: read, advertised: true, result: "TtsStatusResult" },
  "tts.providers": { params: "AnyParams", access: read, advertised: true, result: "TtsProvidersResult" },
  "tts.enable": { params: "AnyParams", access: write, advertised: true, result: "TtsEnabledResult" },
  "tts.disable": { params: "AnyParams", access: write, advertised: true, result: "TtsEnabledResult" },
  "tts.convert": {
    params: "TtsConvertParams",
    access: write,
    advertised: true,
    longRunning: true,
    refusal: "tts.convert requires text",
  },
  "tts.setProvider": {
    params: "TtsSetProviderParams",
    access: write,
    advertised: true,
    result: "TtsSetProviderResult",
    refusal: "Invalid provider. Use openai, elevenlabs, or edge.",
  },
  "config.get": { params: "ConfigGetParams", access: admin, advertised: true, result: "ConfigSnapshot" },
  "config.set": { params: "ConfigSetParams", access: admin, advertised: true },
  "config.apply": { params: "ConfigApplyParams", access: admin, advertised: true },
  "config.patch": { params: "ConfigApplyParams", access: admin, advertised: true },
  "config.schema": { params: "ConfigSchemaParams", access: admin, advertised: true, result: "ConfigSchemaResult" },
  "exec.approvals.get": {
    params: "ExecApprovalsGetParams",
    access: admin,
    advertised: true,
    result: "ExecApprovalsSnapshot",
  },
  "exec.approvals.set": {
    params: "ExecApprovalsSetParams",
    access: admin,
    advertised: true,
    result: "ExecApprovalsSnapshot",
  },
  "exec.approvals.node.get": {
    params: "ExecApprovalsNodeGetParams",
    access: admin,
    advertised: true,
    longRunning: true,
  },
  "exec.approvals.node.set": {
    params: "ExecApprovalsNodeSetParams",
    access: admin,
    advertised: true,
    longRunning: true,
  },
  "exec.approval.request": {
    params: "ExecApprovalRequestParams",
    access: approvals,
    advertised: true,
    result: "ExecApprovalResult",
    longRunning: true,
  },
  "exec.approval.resolve": {
    params: "ExecApprovalResolveParams",
    access: approvals,
    advertised: true,
    result: "OkResult",
  },
  "wizard.start": { params: "WizardStartParams", access: admin, advertised: true, result: "WizardStartResult" },
  "wizard.next": {
    params: "WizardNextParams",
    access: admin,
    advertised: true,
    result: "WizardNextResult",
    longRunning: true,
  },
  "wizard.cancel": { params: "WizardSessionParams", access: admin, advertised: true, result: "WizardStatusResult" },
  "wizard.status": { params: "WizardSessionParams", access: admin, advertised: true, result: "WizardStatusResult" },
  "talk.mode": { params: "TalkModeParams", access: write, advertised: true, result: "TalkModeResult" },
  "models.list": { params: "ModelsListParams", access: read, advertised: true, result: "ModelsListResult" },
  "agents.list": { params: "AgentsListParams", access: read, advertised: true, result: "AgentsListResult" },
  "agents.files.list": {
    params: "AgentsFilesListParams",
    access: admin,
    advertised: true,
    result: "AgentsFilesListResult",
  },
  "agents.files.get": { params: "AgentsFilesGetParams", access: admin, advertised: true, result: "AgentsFileResult" },
  "agents.files.set": { params: "AgentsFilesSetParams", access: admin, advertised: true, result: "AgentsFileResult" },
  "skills.status": { params: "SkillsStatusParams", access: read, advertised: true, result: "SkillsStatusResult" },
  "skills.bins": { params: "SkillsBinsParams", access: node, advertised: true, result: "SkillsBinsResult" },
  "skills.install": { params: "SkillsInstallParams", access: admin, advertised: true, longRunning: true },
  "skills.update": { params: "SkillsUpdateParams", access: admin, advertised: true },
  "update.run": { params: "UpdateRunParams", access: admin, advertised: true, longRunning: true },
  "voicewake.get": { params: "AnyParams", access: read, advertised: true, result: "VoicewakeResult" },
  "voicewake.set": {
    params: "VoicewakeSetParams",
    access: write,
    advertised: true,
    result: "VoicewakeResult",
    refusal: "voicewake.set requires triggers: string[]",
  },
  "sessions.list": { params: "SessionsListParams", access: read, advertised: true, result: "SessionsListResult" },
  "sessions.preview": {
    params: "SessionsPreviewParams",
    access: read,
    advertised: true,
    result: "SessionsPreviewResult",
  },
  "sessions.patch": { params: "SessionsPatchParams", access: admin, advertised: true, result: "SessionsPatchResult" },
  "sessions.reset": { params: "SessionsResetParams", access: admin, advertised: true, result: "SessionsResetResult" },
  "sessions.delete": {
    params: "SessionsDeleteParams",
    access: admin,
    advertised: true,
    result: "SessionsDeleteResult",
  },
  "sessions.compact": {
    params: "SessionsCompactParams",
    access: admin,
    advertised: true,
    result: "SessionsCompactResult",
    longRunning: true,
  },
  "last-heartbeat": { params: "AnyParams", access: read, advertised: true, result: "LastHeartbeatResult" },
  "set-heartbeats": {
    params: "SetHeartbeatsParams",
    access: admin,
    advertised: true,
    result: "SetHeartbeatsResult",
    refusal: "invalid set-heartbeats params: enabled (boolean) required",
  },
  wake: { params: "WakeParams", access: write, advertised: true, result: "OkResult" },
  "node.pair.request": { params: "NodePairRequestParams", access: pairing, advertised: true },
  "node.pair.list": { params: "NodePairListParams", access: pairing, advertised: true },
  "node.pair.approve": { params: "NodePairDecisionParams", access: pairing, advertised: true },
  "node.pair.reject": { params: "NodePairDecisionParams", access: pairing, advertised: true },
  "node.pair.verify": { params: "NodePairVerifyParams", access: pairing, advertised: true },
  "device.pair.list": {
    params: "DevicePairListParams",
    access: pairing,
    advertised: true,
    result: "DevicePairListResult",
  },
  "device.pair.approve": {
    params: "DevicePairDecisionParams",
    access: pairing,
    advertised: true,
    result: "DevicePairApproveResult",
  },
  "device.pair.reject": {
    params: "DevicePairDecisionParams",
    access: pairing,
    advertised: true,
    result: "DevicePairRejectResult",
  },
  "device.token.rotate": {
    params: "DeviceTokenRotateParams",
    access: pairing,
    advertised: true,
    result: "DeviceTokenRotateResult",
  },
  "device.token.revoke": {
    params: "DeviceTokenRevokeParams",
    access: pairing,
    advertised: true,
    result: "DeviceTokenRevokeResult",
  },
  "node.rename": { params: "NodeRenameParams", access: pairing, advertised: true },
  "node.list": { params: "NodeListParams", access: read, advertised: true, result: "NodeListResult" },
  "node.describe": { params: "NodeDescribeParams", access: read, advertised: true, result: "NodeRow" },
  "node.invoke": {
    params: "NodeInvokeParams",
    access: write,
    advertised: true,
    result: "NodeInvokeResult",
    longRunning: true,
  },
  "node.invoke.result": { params: "NodeInvokeResultParams", access: node, advertised: true, result: "OkResult" },
  "node.event": { params: "NodeEventParams", access: node, advertised: true, result: "OkResult" },
  "cron.list": { params: "CronListParams", access: read, advertised: true, result: "CronListResult" },
  "cron.status": { params: "CronStatusParams", access: read, advertised: true, result: "CronStatusResult" },
  "cron.add": { params: "CronAddParams", access: admin, advertised: true, result: "CronJob" },
  "cron.update": { params: "CronUpdateParams", access: admin, advertised: true, result: "CronJob" },
  "cron.remove": { params: "CronRemoveParams", access: admin, advertised: true, result: "CronRemoveResult" },
  "cron.run": {
    params: "CronRunParams",
    access: admin,
    advertised: true,
    result: "CronRunResult",
    longRunning: true,
  },
  "cron.runs": { params: "CronRunsParams", access: read, advertised: true, result: "CronRunsResult" },
  "system-presence": { params: "AnyParams", access: read, advertised: true, result: "PresenceList" },
  "system-event": {
    params: "SystemEventParams",
    access: admin,
    advertised: true,
    result: "OkResult",
    refusal: "text required",
  },
  send: { params: "SendParams", access: write, advertised: true, longRunning: true },
  agent: {
    params: "AgentParams",
    access: write,
    advertised: true,
    result: "AgentResult",
    twoStage: true,
    longRunning: true,
  },
  "agent.identity.get": {
    params: "AgentIdentityParams",
    access: read,
    advertised: true,
    result: "AgentIdentityResult",
  },
  "agent.wait": {
    params: "AgentWaitParams",
    access: write,
    advertised: true,
    result: "AgentWaitResult",
    longRunning: true,
  },
  "browser.request": {
    params: "BrowserRequestParams",
    access: write,
    advertised: true,
    longRunning: true,
    refusal: "method and path are required",
  },
  "chat.history": { params: "ChatHistoryParams", access: read, advertised: true, result: "ChatHistoryResult" },
  "chat.abort": { params: "ChatAbortParams", access: write, advertised: true, result: "ChatAbortResult" },
  "chat.send": { params: "ChatSendParams", access: write, advertised: true, result: "ChatSendResult" },

  connect: { params: "ConnectParams", access: admin, advertised: false, result: "HelloOk" },
  "chat.inject": { params: "ChatInjectParams", access: admin, advertised: false, result: "ChatInjectResult" },
  poll: { params: "PollParams", access: admin, advertised: false, longRunning: true },
  "sessions.resolve": {
    params: "SessionsResolveParams",
    access: admin,
    advertised: false,
    result: "SessionsResolveResult",
  },
  "sessions.usage": { params: "SessionsUsageParams", access: admin, advertised: false },
  "sessions.usage.timeseries": {
    params: "SessionsUsageTimeseriesParams",
    access: admin,
    advertised: false,
    refusal: "key is required for timeseries",
  },
  "sessions.usage.logs": {
    params: "SessionsUsageLogsParams",
    access: admin,
    advertised: false,
    refusal: "key is required for logs",
  },
  "web.login.start": { params: "WebLoginStartParams", access: admin, advertised: false, longRunning: true },
  "web.login.wait": { params: "WebLoginWaitParams", access: admin, advertised: false, longRunning: true },
} as const satisfies Record<string, MethodSpec>;

export type MethodName = keyof typeof METHODS;

type Schemas = typeof schema;
type StaticOf<Name> = Name extends SchemaName ? (Schemas[Name] extends TSchema ? Static<Schemas[Name]> : never) : never;

/** Params of a method, e.g. `MethodParams<"chat.send">`. */
export type MethodParams<M extends MethodName> = StaticOf<(typeof METHODS)[M]["params"]>;

/** Result of a method (the final one of a two-stage method); `unknown` where the table names no schema. */
export type MethodResult<M extends MethodName> = (typeof METHODS)[M] extends { result: infer Name }
  ? StaticOf<Name>
  : unknown;

/** Whether the table has this method. */
export const isMethodName = (method: string): method is MethodName => Object.hasOwn(METHODS, method);

/** `hello-ok.features.methods` of a gateway without channel plugins that add methods. */
export const ADVERTISED_METHODS: readonly MethodName[] = Object.keys(METHODS)
  .filter(isMethodName)
  .filter((name) => METHODS[name].advertised);

/** The method's row, or undefined for a name that is not in the table. */
export const methodSpec = (method: string): MethodSpec | undefined =>
  isMethodName(method) ? METHODS[method] : undefined;
