import { statSync, existsSync } from "node:fs";
import { delimiter } from "node:path";
import { OpenClawError, type Clock } from "@openclaw/core";
import type { Tool, ToolContext, ToolResult } from "@openclaw/plugin-sdk/tool";
import type { ExecAccess } from "../../types.ts";
import { runHost } from "../../sandbox/run-host.ts";
import { keepTail } from "../text-limit.ts";
import type { RunEnv } from "../../skills/skill-library.ts";
import type { ToolPlace, ToolPlaces } from "../tool-places.ts";
import { childEnv } from "./child-env.ts";
import { placeCommand } from "./exec-place.ts";
import type { ExecSettings } from "./exec-settings.ts";
import type { CommandGuard } from "./guard-command.ts";
import type { Exit, Job, ProcessRegistry, StartCommand } from "./process-registry.ts";

export interface ExecToolOptions {
  places: ToolPlaces;
  env: Readonly<Record<string, string | undefined>>;
  settings: ExecSettings;
  registry: ProcessRegistry;
  clock: Clock;
  /** What the skills of a session add on the host. A sandbox has the variables of its own configuration. */
  runEnv?: (sessionKey: string) => RunEnv | undefined;
  /** What the running turn of a session brings. */
  access(sessionKey: string): ExecAccess;
  guard: CommandGuard;
  /** The owner's file of approvals names a security. Asked at each call. */
  fileStates(): boolean;
  /** A background command ended. */
  onBackgroundExit(job: Job, exit: Exit): void;
}

export interface ExecParams {
  command: string;
  workdir?: string;
  env?: Record<string, string>;
  timeout?: number;
  background?: boolean;
  yieldMs?: number;
  pty?: boolean;
  elevated?: boolean;
  host?: string;
  security?: string;
  ask?: string;
}

/** Bounds of the time after which a command goes to the background by itself, ms. */
const YIELD_MS = { min: 10, max: 120_000 };
/** What the model gets of one command's output; the whole of it is on disk. */
const SHOWN_CHARS = 30_000;
const UPDATE_EVERY_MS = 250;

/** Runs a shell command where the session runs: in its sandbox, or on this machine. */
export function createExecTool(options: ExecToolOptions): Tool<ExecParams> {
  const { places, registry, settings, clock } = options;

  /** Everything of a start but the text; the directory has been checked. */
  async function launcher(place: ToolPlace, params: ExecParams, sessionKey: string) {
    const { sandbox, files, workdir: home, owner } = place;
    const cwd = params.workdir ? files.resolve(params.workdir) : home;
    if (params.workdir || !sandbox) await requireDirectory(place, cwd);
    const { timeout, pty: terminal = false } = params;
    const timeoutMs = (timeout && timeout > 0 ? timeout : settings.timeoutSec) * 1000;
    const common = { sessionKey, owner, timeoutMs, terminal };
    if (!sandbox) {
      const env = hostEnv(options.env, params.env, settings.pathPrepend, options.runEnv?.(sessionKey));
      return {
        cwd,
        env,
        start: (command: string) =>
          registry.start({ ...common, command: params.command, ...shellOf(command), cwd, env }),
      };
    }
    const env = childEnv({}, params.env);
    return {
      cwd,
      env,
      start(command: string) {
        const jobId = crypto.randomUUID();
        const argv = [sandbox.shell, "-c", command];
        const { file, args, env: outer } = sandbox.wrap({ argv, cwd, env, terminal, jobId });
        const killer = sandbox.killer(jobId);
        const start: StartCommand = {
          ...common,
          command,
          file,
          args,
          env: outer,
          cwd: "/",
          ...(killer ? { killElsewhere: () => void runHost(killer) } : {}),
        };
        return registry.start(start);
      },
    };
  }

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
        pty: { type: "boolean", description: "Give it a terminal" },
        elevated: { type: "boolean", description: "On the host, when allowed" },
        host: { type: "string" },
        security: { type: "string" },
        ask: { type: "string" },
      },
      required: ["command"],
    },
    async execute(params, context) {
      const { command } = params;
      const { sessionKey } = context;
      const here = places.of(sessionKey);
      const where = placeCommand({
        settings,
        params,
        access: options.access(sessionKey),
        sandboxed: here.sandbox !== undefined,
        fileStates: options.fileStates(),
      });
      const { cwd, env, start } = await launcher(where.where === "sandbox" ? here : places.host, params, sessionKey);
      let text = command;
      if ("security" in where) {
        const path = env["PATH"] ?? "";
        const { security, ask } = where;
        const result = options.guard.check({
          command,
          cwd,
          path,
          env: params.env ?? {},
          sessionKey,
          security,
          ask,
          start,
        });
        if ("pending" in result) return pendingResult(result.pending, command, cwd);
        text = result.run;
      }
      return runJob(await start(text), params, context, cwd);
    },
  };

  async function runJob(
    job: Job,
    { background = false, yieldMs }: ExecParams,
    context: ToolContext,
    cwd: string,
  ): Promise<ToolResult> {
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
    if (settings.notifyOnExit) void job.done.then((exit) => options.onBackgroundExit(job, exit));
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
  }
}

/** Node's pipes are sockets, which bash takes for a remote login: without --norc it would run ~/.bashrc first. */
function shellOf(command: string): { file: string; args: string[] } {
  return existsSync("/bin/bash")
    ? { file: "/bin/bash", args: ["--norc", "-c", command] }
    : { file: "/bin/sh", args: ["-c", command] };
}

function hostEnv(
  base: ExecToolOptions["env"],
  extra: Record<string, string> | undefined,
  prepend: readonly string[],
  skills: RunEnv = { variables: {}, path: [] },
): Record<string, string> {
  const env = childEnv(base, { ...skills.variables, ...extra });
  // Skills' programs come last, so that none takes the place of another.
  const path = [...prepend, env["PATH"], ...skills.path].filter(Boolean).join(delimiter);
  return path ? { ...env, PATH: path } : env;
}

async function requireDirectory({ files, sandbox }: ToolPlace, cwd: string): Promise<void> {
  const found = sandbox
    ? (await files.stat(cwd))?.kind === "directory"
    : statSync(cwd, { throwIfNoEntry: false })?.isDirectory();
  if (found) return;
  throw new OpenClawError({ code: "EXEC_WORKDIR", message: `The directory ${cwd} does not exist.` });
}

function pendingResult(
  pending: { id: string; slug: string; expiresAtMs: number; reason: string },
  command: string,
  cwd: string,
): ToolResult {
  const { id, slug, expiresAtMs, reason } = pending;
  const text = `The command waits for a person's approval (id ${slug}, 120 seconds): ${reason}. It has not been run. Do not run it in another way; its result comes as a message of the system.`;
  const details = {
    status: "approval-pending",
    approvalId: id,
    approvalSlug: slug,
    expiresAtMs,
    host: "gateway",
    command,
    cwd,
  };
  return { content: [{ type: "text", text }], details };
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
    return { content: [{ type: "text", text: output || "(no output)" }], details };
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
