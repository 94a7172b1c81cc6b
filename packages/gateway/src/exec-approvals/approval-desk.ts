import { randomUUID } from "node:crypto";
import { visible, type ExecDecision } from "@openclaw/agent/approvals";
import type { Clock } from "@openclaw/core";
import { invalidRequest } from "../server/rpc-error.ts";

/** What people see of a command that waits; the wire's shape. */
export interface ApprovalQuestion {
  command: string;
  cwd: string | null;
  host: string | null;
  security: string | null;
  ask: string | null;
  agentId: string | null;
  resolvedPath: string | null;
  sessionKey: string | null;
}

export interface PendingApproval {
  id: string;
  request: ApprovalQuestion;
  createdAtMs: number;
  expiresAtMs: number;
}

export type ApprovalEnd = { decision: ExecDecision; resolvedBy: string | null } | { decision: null };

export interface ApprovalDeskOptions {
  clock: Clock;
  broadcast(event: "exec.approval.requested" | "exec.approval.resolved", payload: unknown): void;
  /** Called when a question is put and when it ends, for chats that are told. Must not throw. */
  onRequested?(pending: PendingApproval): void;
  onEnded?(pending: PendingApproval, end: ApprovalEnd): void;
}

export interface ApprovalDesk {
  /** Puts a question to everybody who may approve. Throws `RpcError` when its id already waits. */
  open(
    request: ApprovalQuestion,
    options?: { id?: string; timeoutMs?: number },
  ): PendingApproval & {
    /** Null: nobody decided in time. Never rejects. */
    decision: Promise<ExecDecision | null>;
  };
  /** By id, or by its first eight characters and more. Throws `RpcError`. */
  resolve(id: string, decision: string, resolvedBy: string | null): PendingApproval;
  pending(): PendingApproval[];
  /** Ends every question without a decision. */
  close(): void;
}

const DEFAULT_TIMEOUT_MS = 120_000;
const MIN_PREFIX = 8;
const DECISIONS: readonly ExecDecision[] = ["allow-once", "allow-always", "deny"];

/** The questions that wait for a person. A question is answered once; the first answer counts. */
export function createApprovalDesk({ clock, broadcast, onRequested, onEnded }: ApprovalDeskOptions): ApprovalDesk {
  const waiting = new Map<string, { pending: PendingApproval; settle(end: ApprovalEnd): void }>();

  return {
    open(request, { id = randomUUID(), timeoutMs = DEFAULT_TIMEOUT_MS } = {}) {
      if (waiting.has(id)) throw invalidRequest("approval id already pending");
      const createdAtMs = clock.now();
      // Whoever asks may be another program that did not make control characters visible.
      const shown = { ...request, command: visible(request.command) };
      const pending: PendingApproval = { id, request: shown, createdAtMs, expiresAtMs: createdAtMs + timeoutMs };
      const decision = new Promise<ExecDecision | null>((resolve) => {
        const settle = (end: ApprovalEnd) => {
          cancel();
          waiting.delete(id);
          if (end.decision !== null) {
            broadcast("exec.approval.resolved", {
              id,
              decision: end.decision,
              resolvedBy: end.resolvedBy,
              ts: clock.now(),
            });
          }
          onEnded?.(pending, end);
          resolve(end.decision);
        };
        const cancel = clock.after(timeoutMs, () => settle({ decision: null }));
        waiting.set(id, { pending, settle });
      });
      broadcast("exec.approval.requested", pending);
      onRequested?.(pending);
      return { ...pending, decision };
    },
    resolve(id, decision, resolvedBy) {
      const known = DECISIONS.find((name) => name === decision);
      if (!known) throw invalidRequest("invalid decision");
      const matching = [...waiting.keys()].filter(
        (key) => key === id || (id.length >= MIN_PREFIX && key.startsWith(id)),
      );
      const found = matching.length === 1 ? waiting.get(matching[0] ?? "") : undefined;
      if (!found) throw invalidRequest("unknown approval id");
      found.settle({ decision: known, resolvedBy });
      return found.pending;
    },
    pending: () => [...waiting.values()].map(({ pending }) => pending),
    close() {
      for (const { settle } of waiting.values()) settle({ decision: null });
    },
  };
}
