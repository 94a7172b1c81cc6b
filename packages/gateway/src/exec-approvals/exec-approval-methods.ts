import { createApprovalsStore, type ApprovalsSnapshot } from "@openclaw/agent/approvals";
import { OpenClawError } from "@openclaw/core";
import type {
  ExecApprovalRequestParams,
  ExecApprovalResolveParams,
  ExecApprovalsSetParams,
} from "@openclaw/protocol/schema";
import { invalidRequest } from "../server/rpc-error.ts";
import type { MethodContext, MethodHandler } from "../server/types.ts";
import type { ApprovalDesk } from "./approval-desk.ts";

export interface ExecApprovalMethodsOptions {
  desk: ApprovalDesk;
  /** `exec-approvals.json` */
  path: string;
  socketPath: string;
}

/** `exec.approval.*` and `exec.approvals.*` */
export function execApprovalMethods({ desk, path, socketPath }: ExecApprovalMethodsOptions): [string, MethodHandler][] {
  const store = createApprovalsStore({ path, socketPath });
  const refusing = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw OpenClawError.is(error) ? invalidRequest(error.message) : error;
    }
  };

  return [
    [
      "exec.approval.request",
      async ({ id, timeoutMs, ...params }: ExecApprovalRequestParams) => {
        const {
          command,
          cwd = null,
          host = null,
          security = null,
          ask = null,
          agentId = null,
          resolvedPath = null,
          sessionKey = null,
        } = params;
        const request = { command, cwd, host, security, ask, agentId, resolvedPath, sessionKey };
        const pending = desk.open(request, { ...(id ? { id } : {}), ...(timeoutMs ? { timeoutMs } : {}) });
        const { createdAtMs, expiresAtMs } = pending;
        return { id: pending.id, decision: await pending.decision, createdAtMs, expiresAtMs };
      },
    ],
    [
      "exec.approval.resolve",
      ({ id, decision }: ExecApprovalResolveParams, { client }: MethodContext) => {
        desk.resolve(id, decision, client.client.displayName ?? client.client.id);
        return { ok: true };
      },
    ],
    ["exec.approvals.get", () => withoutToken(refusing(() => store.read()))],
    [
      "exec.approvals.set",
      ({ file, baseHash }: ExecApprovalsSetParams) =>
        withoutToken(
          refusing(() => {
            const { exists } = store.read();
            if (exists && baseHash === undefined)
              throw invalidRequest("exec approvals base hash required; re-run exec.approvals.get and retry");
            return store.replace(file, baseHash);
          }),
        ),
    ],
  ];
}

function withoutToken(snapshot: ApprovalsSnapshot): ApprovalsSnapshot {
  const { socket, ...file } = snapshot.file;
  return { ...snapshot, file: { ...file, ...(socket?.path ? { socket: { path: socket.path } } : {}) } };
}
