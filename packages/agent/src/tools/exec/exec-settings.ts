import type { OpenClawConfig } from "@openclaw/core/config";
import { isAsk, isSecurity, type ExecAsk, type ExecSecurity } from "../../approvals/types.ts";
import { DEFAULT_SAFE_BINS } from "../../approvals/safe-bins.ts";

/** `tools.exec` with the agent's own over it, and the rules of elevation. */
export interface ExecSettings {
  host: "sandbox" | "gateway" | "node";
  /** Undefined: not said. */
  security?: ExecSecurity;
  ask?: ExecAsk;
  backgroundMs: number;
  timeoutSec: number;
  cleanupMs: number;
  /** After approval, say that a command still runs after this; 0: never. */
  approvalRunningNoticeMs: number;
  notifyOnExit: boolean;
  pathPrepend: string[];
  safeBins: readonly string[];
  applyPatch: { enabled: boolean; allowModels: string[] };
}

type Written = NonNullable<NonNullable<OpenClawConfig["tools"]>["exec"]>;

export function readExecSettings(config: OpenClawConfig, agentId: string): ExecSettings {
  const own = config.agents?.list?.find((item) => item.id.toLowerCase() === agentId)?.tools?.exec;
  const exec: Partial<Written> = { ...config.tools?.exec, ...own };
  return {
    host: exec.host ?? "sandbox",
    ...(isSecurity(exec.security) ? { security: exec.security } : {}),
    ...(isAsk(exec.ask) ? { ask: exec.ask } : {}),
    backgroundMs: exec.backgroundMs ?? 10_000,
    timeoutSec: exec.timeoutSec ?? 1800,
    cleanupMs: exec.cleanupMs ?? 1_800_000,
    approvalRunningNoticeMs: exec.approvalRunningNoticeMs ?? 10_000,
    notifyOnExit: exec.notifyOnExit ?? true,
    pathPrepend: exec.pathPrepend ?? [],
    safeBins: exec.safeBins ?? DEFAULT_SAFE_BINS,
    applyPatch: { enabled: exec.applyPatch?.enabled ?? false, allowModels: exec.applyPatch?.allowModels ?? [] },
  };
}
