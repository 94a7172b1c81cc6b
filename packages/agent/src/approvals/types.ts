export type ExecSecurity = "deny" | "allowlist" | "full";
export type ExecAsk = "off" | "on-miss" | "always";
export type ExecDecision = "allow-once" | "allow-always" | "deny";

/** What may run on the host, and when somebody is asked. */
export interface ExecPolicy {
  security: ExecSecurity;
  ask: ExecAsk;
  /** When nobody answers: refuse, run what the allowlist allows, or run. */
  askFallback: ExecSecurity;
  autoAllowSkills: boolean;
}

/** From strict to lax. */
const SECURITY: readonly ExecSecurity[] = ["deny", "allowlist", "full"];
/** From lax to strict. */
const ASK: readonly ExecAsk[] = ["off", "on-miss", "always"];

export const isSecurity = (value: unknown): value is ExecSecurity => SECURITY.includes(value as ExecSecurity);
export const isAsk = (value: unknown): value is ExecAsk => ASK.includes(value as ExecAsk);

export function stricterSecurity(a: ExecSecurity, b: ExecSecurity): ExecSecurity {
  return SECURITY.indexOf(a) <= SECURITY.indexOf(b) ? a : b;
}

export function stricterAsk(a: ExecAsk, b: ExecAsk): ExecAsk {
  return ASK.indexOf(a) >= ASK.indexOf(b) ? a : b;
}

/** A question to people who may approve. */
export interface ExecApprovalRequest {
  id: string;
  /** As it would be run; control characters made visible. */
  command: string;
  cwd: string;
  host: "gateway" | "node";
  security: ExecSecurity;
  ask: ExecAsk;
  agentId: string;
  sessionKey: string;
  /** The first program of the command, when it is one that is known. */
  resolvedPath: string | null;
  timeoutMs: number;
}

/** The way to those people. The gateway implements it over its sockets and chats. */
export interface ExecApprover {
  /** False: nobody is there who could answer, so asking would only be waiting. */
  canAsk(request: ExecApprovalRequest): boolean;
  /** Null: nobody answered within `timeoutMs`. */
  ask(request: ExecApprovalRequest): Promise<ExecDecision | null>;
}
