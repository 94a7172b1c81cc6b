import type { ExecAccess, ExecEvent } from "@openclaw/agent";
import type { ExecApprover } from "@openclaw/agent/approvals";
import type { TurnRequest } from "../store/turns.ts";
import type { ApprovalDesk } from "./approval-desk.ts";

/** Questions about commands, from the agents' tools to people and back. */
export interface ExecApprovals {
  desk: ApprovalDesk;
  /** For the agents. */
  approver: ExecApprover;
  /** What became of a command that waited: kept for the session, whose agent is woken to tell it. */
  report(event: ExecEvent): void;
  /** For the engine: what a turn brings for its commands. */
  access(request: TurnRequest): ExecAccess;
  /** Whether the configuration names a chat as one that decides about commands (`approvals.exec.targets`). */
  decides(channel: string, target: string): boolean;
  close(): void;
}
