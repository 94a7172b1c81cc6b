export { runsOtherPrograms } from "./allowlist.ts";
export {
  createApprovalsStore,
  effectivePolicy,
  normalizeApprovals,
  statesSecurity,
  type AllowlistEntry,
  type ApprovalsFile,
  type ApprovalsSnapshot,
  type ApprovalsStore,
} from "./approvals-file.ts";
export { bindCommand } from "./binding.ts";
export { evaluateCommand, type CommandQuestion, type CommandVerdict } from "./evaluate-command.ts";
export { DEFAULT_SAFE_BINS } from "./safe-bins.ts";
export {
  isAsk,
  isSecurity,
  stricterAsk,
  stricterSecurity,
  type ExecApprovalRequest,
  type ExecApprover,
  type ExecAsk,
  type ExecDecision,
  type ExecPolicy,
  type ExecSecurity,
} from "./types.ts";
export { visible } from "./visible.ts";
