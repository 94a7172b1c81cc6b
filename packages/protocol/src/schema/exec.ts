import { Type, type Static } from "typebox";
import {
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

const detail = () => optional(nullable(string()));

/** Asks the operators and blocks until one decides; 120000 ms when `timeoutMs` is absent. */
export const ExecApprovalRequestParams = strict({
  id: optional(text()),
  command: text(),
  cwd: detail(),
  host: detail(),
  security: detail(),
  ask: detail(),
  agentId: detail(),
  resolvedPath: detail(),
  sessionKey: detail(),
  timeoutMs: optional(int(1)),
});
export type ExecApprovalRequestParams = Static<typeof ExecApprovalRequestParams>;

/** `decision` is checked by the handler: its refusal reads "invalid decision". */
export const ExecApprovalResolveParams = strict({ id: text(), decision: text() });
export type ExecApprovalResolveParams = Static<typeof ExecApprovalResolveParams>;

const policy = {
  security: optional(string()),
  ask: optional(string()),
  askFallback: optional(string()),
  autoAllowSkills: optional(flag()),
};

/** Contents of `exec-approvals.json`. Answers never carry `socket.token`. */
export const ExecApprovalsFile = strict({
  version: Type.Literal(1),
  socket: optional(strict({ path: optional(string()), token: optional(string()) })),
  defaults: optional(strict(policy)),
  agents: optional(
    mapOf(
      strict({
        ...policy,
        allowlist: optional(
          list(
            strict({
              id: optional(text()),
              pattern: string(),
              lastUsedAt: optional(time()),
              lastUsedCommand: optional(string()),
              lastResolvedPath: optional(string()),
            }),
          ),
        ),
      }),
    ),
  ),
});
export type ExecApprovalsFile = Static<typeof ExecApprovalsFile>;

export const ExecApprovalsGetParams = strict({});
export type ExecApprovalsGetParams = Static<typeof ExecApprovalsGetParams>;

export const ExecApprovalsSetParams = strict({ file: ExecApprovalsFile, baseHash: optional(text()) });
export type ExecApprovalsSetParams = Static<typeof ExecApprovalsSetParams>;

export const ExecApprovalsNodeGetParams = strict({ nodeId: text() });
export type ExecApprovalsNodeGetParams = Static<typeof ExecApprovalsNodeGetParams>;

export const ExecApprovalsNodeSetParams = strict({
  nodeId: text(),
  file: ExecApprovalsFile,
  baseHash: optional(text()),
});
export type ExecApprovalsNodeSetParams = Static<typeof ExecApprovalsNodeSetParams>;

export const ExecApprovalsSnapshot = open({
  path: string(),
  exists: flag(),
  hash: string(),
  file: ExecApprovalsFile,
});
export type ExecApprovalsSnapshot = Static<typeof ExecApprovalsSnapshot>;

/** `null` means that nobody decided in time. */
export const ExecDecision = nullable(oneOf(["allow-once", "allow-always", "deny"]));
export type ExecDecision = Static<typeof ExecDecision>;

export const ExecApprovalResult = open({
  id: text(),
  decision: ExecDecision,
  createdAtMs: time(),
  expiresAtMs: time(),
});
export type ExecApprovalResult = Static<typeof ExecApprovalResult>;

const shown = () => nullable(string());

/** Payload of event `exec.approval.requested`. */
export const ExecApprovalRequested = open({
  id: text(),
  request: open({
    command: string(),
    cwd: shown(),
    host: shown(),
    security: shown(),
    ask: shown(),
    agentId: shown(),
    resolvedPath: shown(),
    sessionKey: shown(),
  }),
  createdAtMs: time(),
  expiresAtMs: time(),
});
export type ExecApprovalRequested = Static<typeof ExecApprovalRequested>;

/** Payload of event `exec.approval.resolved`. */
export const ExecApprovalResolved = open({
  id: text(),
  decision: oneOf(["allow-once", "allow-always", "deny"]),
  resolvedBy: optional(nullable(string())),
  ts: time(),
});
export type ExecApprovalResolved = Static<typeof ExecApprovalResolved>;
