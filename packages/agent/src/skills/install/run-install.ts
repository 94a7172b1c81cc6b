import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenClawError } from "@openclaw/core";
import { childEnv } from "../../tools/exec/child-env.ts";
import { createEgress, type Egress } from "../../tools/egress/index.ts";
import { installDownload } from "./install-download.ts";
import type { InstallPlan } from "./install-plan.ts";

export interface RunInstallOptions {
  /** Somebody has seen the plan and agreed; without that it is refused. */
  consent: boolean;
  stateDir: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Default 300 000. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Default: one that reaches public addresses only. */
  egress?: Egress;
}

export interface InstallResult {
  /** What it printed, at most the last 4,000 characters; for a download where it is. */
  message: string;
  /** For a download. */
  dir?: string;
}

const defaultTimeoutMs = 300_000;
const maxOutput = 4000;

/**
 * Carries out a plan that somebody agreed to. Programs get no shell, an empty directory, and an environment without the
 * gateway's keys. Throws `SKILL_INSTALL_CONSENT`, `SKILL_INSTALL_IMPOSSIBLE`, `SKILL_INSTALL_FAILED` or
 * `SKILL_DOWNLOAD_REFUSED`.
 */
export async function runInstall(plan: InstallPlan, options: RunInstallOptions): Promise<InstallResult> {
  const { skillName, installer, argv, possible, summary } = plan;
  if (!options.consent)
    throw new OpenClawError({
      code: "SKILL_INSTALL_CONSENT",
      message: `Nothing was installed for ${skillName}: nobody has agreed to it yet.`,
      hint: `It would do this: ${summary}. Add --yes to agree.`,
    });
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  if (!argv) {
    const egress = options.egress ?? createEgress();
    const dir = await installDownload(plan, {
      egress,
      stateDir: options.stateDir,
      timeoutMs,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    return { message: `${installer.label}: it is in ${dir}.`, dir };
  }
  const [program = "", ...args] = argv;
  if (!possible)
    throw new OpenClawError({
      code: "SKILL_INSTALL_IMPOSSIBLE",
      message: `${program} is not on this machine, and "${argv.join(" ")}" needs it.`,
      hint: `Install ${program}, or ${installer.bins.join(", ") || "the program"} with your system's package manager.`,
    });
  const cwd = await mkdtemp(join(tmpdir(), "openclaw-install-"));
  try {
    const { code, output } = await runProgram(program, args, {
      cwd,
      env: childEnv(options.env),
      timeoutMs,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    if (code === 0) return { message: output || "Done." };
    throw new OpenClawError({
      code: "SKILL_INSTALL_FAILED",
      message:
        `"${argv.join(" ")}" failed${code === null ? ": it was stopped" : ` with code ${code}`}.\n${output}`.trimEnd(),
      hint: "Run it yourself to see more, or choose another way to install it.",
    });
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

interface ProgramOptions {
  cwd: string;
  env: Record<string, string>;
  timeoutMs: number;
  signal?: AbortSignal;
}

function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, timeoutMs, signal }: ProgramOptions,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, shell: false, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const take = (chunk: Buffer) => (output = (output + chunk.toString("utf8")).slice(-maxOutput));
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const stop = () => {
      // The whole group: package managers start programs of their own.
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    };
    const timer = setTimeout(stop, timeoutMs);
    signal?.addEventListener("abort", stop, { once: true });
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    };
    child.once("error", (cause) => {
      end();
      reject(
        new OpenClawError({
          code: "SKILL_INSTALL_FAILED",
          message: `${program} could not be started: ${cause.message}.`,
          cause,
        }),
      );
    });
    child.once("close", (code) => {
      end();
      resolve({ code, output: output.trim() });
    });
    if (signal?.aborted) stop();
  });
}
