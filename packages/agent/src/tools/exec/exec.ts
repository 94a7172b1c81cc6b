import { statSync } from "node:fs";
import { OpenClawError, type Clock } from "@openclaw/core";
import type { Tool, ToolResult } from "@openclaw/plugin-sdk/tool";
import type { AgentSettings } from "../../settings.ts";
import { keepTail } from "../text-limit.ts";
import { resolveToolPath, type ToolPathPolicy } from "../tool-path.ts";
import { childEnv } from "./child-env.ts";
import type { Exit, Job, ProcessRegistry } from "./process-registry.ts";

export interface ExecToolOptions {
  paths: ToolPathPolicy;
  env: Readonly<Record<string, string | undefined>>;
  settings: AgentSettings["exec"];
  registry: ProcessRegistry;
  clock: Clock;
  /** A background command ended. */
  onBackgroundExit(job: Job, exit: Exit): void;
}

interface ExecParams {
  command: string;
  workdir?: string;
  env?: Record<string, string>;
  timeout?: number;
  background?: boolean;
  yieldMs?: number;
}

/** Bounds of the time after which a command goes to the background by itself, ms. */
const YIELD_MS = { min: 10, max: 120_000 };
/** What the model gets of one command's output; the whole of it is on disk. */
const SHOWN_CHARS = 30_000;
const UPDATE_EVERY_MS = 250;

/** Runs a shell command on this machine. */
export function createExecTool(options: ExecToolOptions): Tool<ExecParams> {
  const { paths, registry, settings, clock } = options;
  return {
    name: "exec",
    label: "Run command",
    description:
      "Run a shell command in the workspace. One that takes longer goes to the background; follow it with process.",
    parameters: {
      type: "object",
      properties: {
        command: { type: "string" },
        workdir: { type: "string" },
        env: { type: "object", additionalProperties: { type: "string" } },
        timeout: { type: "number", description: `Seconds, default ${settings.timeoutSec}` },
        background: { type: "boolean", description: "Do not wait" },
        yieldMs: { type: "number", description: `Wait this long, default ${settings.backgroundMs}` },
      },
      required: ["command"],
    },
    async execute({ command, workdir, env, timeout, background = false, yieldMs }, context) {
      const cwd = workdir ? resolveToolPath(workdir, paths) : paths.workspace;
      requireDirectory(cwd);
      const job = registry.start({
        command,
        cwd,
        env: childEnv(options.env, env),
        sessionKey: context.sessionKey,
        timeoutMs: (timeout && timeout > 0 ? timeout : settings.timeoutSec) * 1000,
      });
      const wait = background ? 0 : Math.min(YIELD_MS.max, Math.max(YIELD_MS.min, yieldMs ?? settings.backgroundMs));
      const stop = streamUpdates(job, clock, (partial) => context.update(partial));
      const onAbort = () => job.kill("killed");
      context.signal.addEventListener("abort", onAbort, { once: true });
      if (context.signal.aborted) onAbort();
      try {
        const exit = wait > 0 ? await waitFor(job, wait, clock) : undefined;
        if (exit) return finished(job, exit);
      } finally {
        stop();
        context.signal.removeEventListener("abort", onAbort);
      }
      job.background = true;
      void job.done.then((exit) => options.onBackgroundExit(job, exit));
      const soFar = job.drain();
      return {
        content: [
          {
            type: "text",
            text: `${soFar ? `${keepTail(soFar, 4000).text}\n\n` : ""}Still running in the background as ${job.id}. Use process (poll, log, write, kill) with this sessionId.`,
          },
        ],
        details: { status: "running", sessionId: job.id, pid: job.pid, cwd },
      };
    },
  };
}

function requireDirectory(cwd: string): void {
  const info = statSync(cwd, { throwIfNoEntry: false });
  if (info?.isDirectory()) return;
  throw new OpenClawError({ code: "EXEC_WORKDIR", message: `The directory ${cwd} does not exist.` });
}

/** The exit, or undefined when the command is still running after `ms`. */
function waitFor(job: Job, ms: number, clock: Clock): Promise<Exit | undefined> {
  let cancel: (() => void) | undefined;
  const late = new Promise<undefined>((resolve) => (cancel = clock.after(ms, () => resolve(undefined))));
  return Promise.race([job.done, late]).finally(() => cancel?.());
}

function streamUpdates(job: Job, clock: Clock, update: (partial: ToolResult) => void): () => void {
  let waiting: (() => void) | undefined;
  let stopped = false;
  job.onOutput(() => {
    if (stopped || waiting) return;
    waiting = clock.after(UPDATE_EVERY_MS, () => {
      waiting = undefined;
      if (!stopped) update({ content: [{ type: "text", text: keepTail(job.output(), 4000).text }] });
    });
  });
  return () => {
    stopped = true;
    waiting?.();
  };
}

/** A result for success; failure is an error whose text has the output and the reason. */
function finished(job: Job, exit: Exit): ToolResult {
  const full = job.output().trimEnd();
  const { text, omitted } = keepTail(full, SHOWN_CHARS);
  const cut = omitted + job.dropped();
  const output = `${cut > 0 ? `[${cut} characters before this are left out]\n` : ""}${text}`;
  const details = {
    status: exit.reason,
    exitCode: exit.code,
    durationMs: (job.endedAt ?? 0) - job.startedAt,
    ...(cut > 0 ? { fullText: full } : {}),
  };
  if (exit.reason === "exit" && exit.code === 0) {
    return {
      content: [{ type: "text", text: output || "(no output)" }],
      details,
    };
  }
  throw new OpenClawError({
    code: "EXEC_FAILED",
    message: `${output ? `${output}\n\n` : ""}${exitReason(exit)}`,
    details,
  });
}

export function exitReason(exit: Exit): string {
  if (exit.reason === "spawn-failed") return `The command could not be started: ${exit.error}`;
  if (exit.reason === "timeout") return "The command was stopped: it took longer than its timeout.";
  if (exit.reason === "killed") return "The command was stopped.";
  return exit.signal ? `The command was ended by ${exit.signal}.` : `The command exited with code ${exit.code}.`;
}
