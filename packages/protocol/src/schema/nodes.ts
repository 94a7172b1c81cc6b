import type { Static } from "typebox";
import {
  anything,
  flag,
  int,
  list,
  mapOf,
  nullable,
  oneOf,
  open,
  optional,
  strict,
  string,
  text,
  time,
} from "./building-blocks.ts";

export const NodeListParams = strict({});
export type NodeListParams = Static<typeof NodeListParams>;

export const NodeDescribeParams = strict({ nodeId: text() });
export type NodeDescribeParams = Static<typeof NodeDescribeParams>;

export const NodeRenameParams = strict({ nodeId: text(), displayName: text() });
export type NodeRenameParams = Static<typeof NodeRenameParams>;

export const NodeInvokeParams = strict({
  nodeId: text(),
  command: text(),
  params: optional(anything()),
  timeoutMs: optional(int(0)),
  idempotencyKey: text(),
});
export type NodeInvokeParams = Static<typeof NodeInvokeParams>;

/** A node's answer to event `node.invoke.request`. */
export const NodeInvokeResultParams = strict({
  id: text(),
  nodeId: text(),
  ok: flag(),
  payload: optional(anything()),
  payloadJSON: optional(string()),
  error: optional(strict({ code: optional(text()), message: optional(text()) })),
});
export type NodeInvokeResultParams = Static<typeof NodeInvokeResultParams>;

/** Something a node reports, e.g. `chat.subscribe`, `voice.transcript`, `agent.request`, `exec.finished`. */
export const NodeEventParams = strict({
  event: text(),
  payload: optional(anything()),
  payloadJSON: optional(string()),
});
export type NodeEventParams = Static<typeof NodeEventParams>;

export const NodePairRequestParams = strict({
  nodeId: text(),
  displayName: optional(text()),
  platform: optional(text()),
  version: optional(text()),
  coreVersion: optional(text()),
  uiVersion: optional(text()),
  deviceFamily: optional(text()),
  modelIdentifier: optional(text()),
  caps: optional(list(text())),
  commands: optional(list(text())),
  remoteIp: optional(text()),
  silent: optional(flag()),
});
export type NodePairRequestParams = Static<typeof NodePairRequestParams>;

export const NodePairListParams = strict({});
export type NodePairListParams = Static<typeof NodePairListParams>;

/** Params of `node.pair.approve` and `node.pair.reject`. */
export const NodePairDecisionParams = strict({ requestId: text() });
export type NodePairDecisionParams = Static<typeof NodePairDecisionParams>;

export const NodePairVerifyParams = strict({ nodeId: text(), token: text() });
export type NodePairVerifyParams = Static<typeof NodePairVerifyParams>;

/** One paired or connected node. `nodeId` is its device id; caps and commands are sorted, commands filtered by policy. */
export const NodeRow = open({
  nodeId: text(),
  displayName: optional(string()),
  platform: optional(string()),
  version: optional(string()),
  deviceFamily: optional(string()),
  modelIdentifier: optional(string()),
  remoteIp: optional(string()),
  caps: optional(list(string())),
  commands: optional(list(string())),
  permissions: optional(mapOf(flag())),
  connectedAtMs: optional(time()),
  paired: flag(),
  connected: flag(),
});
export type NodeRow = Static<typeof NodeRow>;

export const NodeListResult = open({ ts: time(), nodes: list(NodeRow) });
export type NodeListResult = Static<typeof NodeListResult>;

export const NodeInvokeResult = open({
  ok: flag(),
  nodeId: text(),
  command: text(),
  payload: optional(anything()),
  payloadJSON: optional(nullable(string())),
});
export type NodeInvokeResult = Static<typeof NodeInvokeResult>;

export const NodePairRequest = open({
  requestId: text(),
  nodeId: text(),
  displayName: optional(string()),
  platform: optional(string()),
  isRepair: optional(flag()),
  ts: time(),
});
export type NodePairRequest = Static<typeof NodePairRequest>;

/** Payload of event `node.pair.resolved`. */
export const NodePairResolved = open({
  requestId: text(),
  nodeId: text(),
  decision: oneOf(["approved", "rejected"]),
  ts: time(),
});
export type NodePairResolved = Static<typeof NodePairResolved>;

/** Payload of event `node.invoke.request`, sent to that node only. */
export const NodeInvokeRequest = open({
  id: text(),
  nodeId: text(),
  command: text(),
  paramsJSON: optional(nullable(string())),
  timeoutMs: optional(int(0)),
  idempotencyKey: optional(string()),
});
export type NodeInvokeRequest = Static<typeof NodeInvokeRequest>;
