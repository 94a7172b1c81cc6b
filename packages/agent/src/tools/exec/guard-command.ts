import { randomUUID } from "node:crypto";
import { OpenClawError, type Clock, type Log } from "@openclaw/core";
import { runsOtherPrograms } from "../../approvals/allowlist.ts";
import { effectivePolicy, type ApprovalsStore } from "../../approvals/approvals-file.ts";
import { bindCommand } from "../../approvals/binding.ts";
import { evaluateCommand, type CommandVerdict } from "../../approvals/evaluate-command.ts";
import type { ExecApprovalRequest, ExecApprover, ExecAsk, ExecDecision, ExecSecurity } from "../../approvals/types.ts";
import { visible } from "../../approvals/visible.ts";
import { keepTail } from "../text-limit.ts";
import type { Exit, Job } from "./process-registry.ts";

/** Questions nobody answers go away after this. */
const EXPIRY_MS = 120_000;
const TAIL_CHARS = 400;

export interface CommandGuardOptions {
  agentId: string;
  store: ApprovalsStore;
  /** Absent: nobody can be asked. */
  approver?: ExecApprover;
  safeBins: readonly string[];
  skillBins?: () => readonly string[];
  home: string;
  /** Say that an approved command still runs after this; 0: never. */
  runningNoticeMs: number;
  clock: Clock;
  log: Log;
  /** Tells the session what became of a command; the model reads it at the next turn. */
  report(sessionKey: string, text: string): void;
}

export interface GuardedCommand {
  command: string;
  cwd: string;
  /** Of the child. */
  path: string;
  /** Variables that the call sets. */
  env: Readonly<Record<string, string>>;
  sessionKey: string;
  security: ExecSecurity;
  ask: ExecAsk;
  /** Starts it in the background. */
  start(command: string): Promise<Job>;
}

export type GuardResult =
  /** Run this text now. */
  | { run: string }
  /** Somebody is asked; what becomes of it is reported. */
  | { pending: { id: string; slug: string; expiresAtMs: number; reason: string } };

export interface CommandGuard {
  /** Throws `EXEC_DENIED`. */
  check(command: GuardedCommand): GuardResult;
  /** Nothing that is approved later is run. */
  close(): void;
}

/** Stands between the model and the host's shell. */
export function createCommandGuard(options: CommandGuardOptions): CommandGuard {
  const { agentId, store, approver, clock, log } = options;
  let closed = false;

  function judge(command: GuardedCommand) {
    const policy = effectivePolicy(store.read().file, agentId, command);
    const { cwd, path } = command;
    const verdict = evaluateCommand({
      command: command.command,
      cwd,
      path,
      home: options.home,
      policy,
      safeBins: options.safeBins,
      ...(options.skillBins ? { skillBins: options.skillBins() } : {}),
    });
    // A variable can turn an allowed program into another one (GIT_SSH_COMMAND, PAGER ...).
    const variables = Object.keys(command.env).length > 0 && verdict.satisfied && policy.security === "allowlist";
    if (!variables) return { policy, verdict };
    const outcome = policy.ask === "off" ? ("deny" as const) : ("ask" as const);
    const strict: CommandVerdict = { ...verdict, satisfied: false, outcome, reason: "the call sets variables" };
    return { policy, verdict: strict };
  }

  const bind = ({ command, cwd, env, path }: GuardedCommand, { programs }: CommandVerdict) =>
    bindCommand({ command, cwd, env, path, home: options.home, host: "gateway", programs });

  /** What is run when it may run without a question. */
  function allowed(command: GuardedCommand, verdict: CommandVerdict, security: ExecSecurity): string {
    for (const { pattern, resolvedPath } of verdict.used) {
      store.noteUse(agentId, pattern, { command: command.command, resolvedPath, now: clock.now() });
    }
    return security === "allowlist" ? (verdict.exact ?? command.command) : command.command;
  }

  async function afterAnswer(
    slug: string,
    command: GuardedCommand,
    decision: ExecDecision | null,
    bound: string,
    verdict: CommandVerdict,
  ): Promise<void> {
    const shown = visible(command.command);
    const denied = (reason: string) =>
      options.report(command.sessionKey, `Exec denied (gateway id=${slug}, ${reason}): ${shown}`);
    if (closed) return denied("the configuration changed or the gateway stopped while it waited; ask again");
    if (decision === "deny") return denied("a person refused it");
    const { policy, verdict: now } = judge(command);
    if (policy.security === "deny") return denied("security is deny by now");
    if (decision === null && !fallbackRuns(policy.askFallback, now)) return denied("nobody answered in time");
    if (bind(command, verdict) !== bound) return denied("the command's files changed while it waited");
    let note = "";
    if (decision === "allow-always") {
      const paths = verdict.programs.map((program) => program.path).filter((path) => !runsOtherPrograms(path));
      if (paths.length > 0) store.allow(agentId, paths, { command: command.command, now: clock.now() });
      if (paths.length < verdict.programs.length || paths.length === 0) note = " Not remembered: it can run anything.";
    }
    const exact = decision === null && policy.askFallback === "allowlist" ? now.exact : undefined;
    follow(slug, await command.start(exact ?? command.command), note);
  }

  function follow(slug: string, job: Job, note: string): void {
    job.background = true;
    const { runningNoticeMs } = options;
    const cancel =
      runningNoticeMs > 0
        ? clock.after(runningNoticeMs, () =>
            options.report(
              job.sessionKey,
              `Exec running (gateway id=${slug}, session=${job.id}): ${visible(job.command)}`,
            ),
          )
        : () => {};
    void job.done.then((exit) => {
      cancel();
      const tail = keepTail(job.output().trim(), TAIL_CHARS).text;
      options.report(
        job.sessionKey,
        `Exec finished (gateway id=${slug}, ${exitWords(exit)}) :: ${tail || "(no output)"}${note}`,
      );
    });
  }

  return {
    check(command) {
      const { policy, verdict } = judge(command);
      if (verdict.outcome === "deny") throw deniedError(verdict.reason);
      if (verdict.outcome === "run") return { run: allowed(command, verdict, policy.security) };
      const id = randomUUID();
      const slug = id.slice(0, 8);
      const { cwd, sessionKey, env } = command;
      const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
      const request: ExecApprovalRequest = {
        id,
        command: visible([...variables, command.command].join(" ")),
        cwd,
        host: "gateway",
        security: policy.security,
        ask: policy.ask,
        agentId,
        sessionKey,
        resolvedPath: verdict.programs[0]?.path ?? null,
        timeoutMs: EXPIRY_MS,
      };
      if (!approver?.canAsk(request)) {
        if (!fallbackRuns(policy.askFallback, verdict)) {
          throw deniedError(`${verdict.reason}, and nobody can be asked now`);
        }
        return { run: allowed(command, verdict, policy.askFallback) };
      }
      const bound = bind(command, verdict);
      const expiresAtMs = clock.now() + EXPIRY_MS;
      approver
        .ask(request)
        .then((decision) => afterAnswer(slug, command, decision, bound, verdict))
        .catch((error: unknown) => {
          log.error("an approved command could not be run", { id, error: String(error) });
          options.report(sessionKey, `Exec denied (gateway id=${slug}, it could not be started): ${request.command}`);
        });
      return { pending: { id, slug, expiresAtMs, reason: verdict.reason } };
    },
    close: () => void (closed = true),
  };
}

function fallbackRuns(fallback: ExecSecurity, verdict: CommandVerdict): boolean {
  return fallback === "full" || (fallback === "allowlist" && verdict.satisfied);
}

function exitWords({ code, signal, reason }: Exit): string {
  if (reason === "timeout") return "timeout";
  return signal ? `signal ${signal}` : `code ${code}`;
}

function deniedError(reason: string): OpenClawError {
  return new OpenClawError({
    code: "EXEC_DENIED",
    message: `The command was not run: ${reason}.`,
    hint: "Do not try another way around; say what you need and why. The owner allows programs in exec-approvals.json.",
  });
}
