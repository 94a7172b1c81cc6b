import { spawn, type ChildProcess } from "node:child_process";
import { OpenClawError, type Clock } from "@openclaw/core";

export interface RunProgramOptions {
  command: string;
  args: readonly string[];
  /** Written to standard input, which is then closed. */
  input?: string;
  env: Record<string, string>;
  cwd: string;
  timeoutMs: number;
  signal?: AbortSignal;
  clock: Clock;
}

export interface ProgramResult {
  code: number | null;
  stdout: string;
  /** The last few hundred characters. */
  stderr: string;
}

const MAX_STDOUT_CHARS = 8_000_000;
const STDERR_TAIL = 600;
/** Between the friendly and the final signal; an abort has to be through in 250 ms. */
const KILL_GRACE_MS = 100;

/**
 * Runs a program without a shell, in a process group of its own that ends with it. Throws `CLI_BACKEND_MISSING` when it
 * is not there, `CLI_BACKEND_TIMEOUT`, and the signal's reason.
 */
export function runProgram(options: RunProgramOptions): Promise<ProgramResult> {
  const { command, args, env, cwd, signal, clock } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    let ended: (() => void) | undefined;
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      if (stdout.length < MAX_STDOUT_CHARS) stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr = (stderr + chunk).slice(-STDERR_TAIL)));
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");

    const kill = () => {
      signalGroup(child, "SIGTERM");
      clock.after(KILL_GRACE_MS, () => signalGroup(child, "SIGKILL"));
    };
    const cancelTimeout = clock.after(options.timeoutMs, () => {
      ended ??= () =>
        reject(
          new OpenClawError({
            code: "CLI_BACKEND_TIMEOUT",
            message: `${command} did not answer within ${Math.round(options.timeoutMs / 1000)} s.`,
            hint: "Raise timeoutSeconds of this backend under agents.defaults.cliBackends.",
            details: { failure: "timeout" },
          }),
        );
      kill();
    });
    const onAbort = () => {
      ended ??= () => reject(signal?.reason as Error);
      kill();
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    const finish = (otherwise: () => void) => {
      cancelTimeout();
      signal?.removeEventListener("abort", onAbort);
      (ended ?? otherwise)();
      ended = () => {};
    };
    child.on("error", (error) =>
      finish(() =>
        reject(
          new OpenClawError({
            code: "CLI_BACKEND_MISSING",
            message: `The program "${command}" could not be started (${(error as NodeJS.ErrnoException).code ?? error.message}).`,
            hint: "Install it, or set its full path as command of the backend under agents.defaults.cliBackends.",
            details: { failure: "unknown" },
          }),
        ),
      ),
    );
    child.on("close", (code) => finish(() => resolve({ code, stdout, stderr })));
  });
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}
