import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import type { Clock } from "@openclaw/core";

interface StartCommand {
  command: string;
  cwd: string;
  env: Record<string, string>;
  sessionKey: string;
  /** Killed after this many ms. */
  timeoutMs: number;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  reason: "exit" | "timeout" | "killed" | "spawn-failed";
  error?: string;
}

/** A command and everything it printed, the newest 200,000 characters of it. */
export interface Job {
  readonly id: string;
  readonly command: string;
  readonly sessionKey: string;
  readonly startedAt: number;
  readonly pid: number | undefined;
  /** In the background: listed, and kept for a while after its end. */
  background: boolean;
  exit?: Exit;
  endedAt?: number;
  /** stdout and stderr in the order they arrived. */
  output(): string;
  /** Characters dropped from the front of `output`. */
  dropped(): number;
  /** What arrived since the last `drain`. */
  drain(): string;
  readonly done: Promise<Exit>;
  onOutput(listener: (text: string) => void): void;
  write(text: string, end: boolean): boolean;
  /** Ends the whole process group: TERM, and KILL after 100 ms. */
  kill(reason: "timeout" | "killed"): void;
}

export interface ProcessRegistry {
  start(command: StartCommand): Job;
  /** Background jobs, oldest first. */
  list(): Job[];
  get(id: string): Job | undefined;
  remove(id: string): void;
  /** Kills everything that still runs. */
  close(): void;
}

const MAX_OUTPUT_CHARS = 200_000;
const KILL_GRACE_MS = 100;

export function createProcessRegistry({ clock, cleanupMs }: { clock: Clock; cleanupMs: number }): ProcessRegistry {
  const jobs = new Map<string, Job>();
  return {
    start(command) {
      const job = startJob(command, clock, newId(jobs));
      jobs.set(job.id, job);
      const forget = () => void jobs.delete(job.id);
      void job.done.then(() => (job.background ? void clock.after(cleanupMs, forget) : forget()));
      return job;
    },
    list: () => [...jobs.values()].filter((job) => job.background),
    get: (id) => jobs.get(id),
    remove: (id) => void jobs.delete(id),
    close() {
      for (const job of jobs.values()) job.kill("killed");
    },
  };
}

function startJob({ command, cwd, env, sessionKey, timeoutMs }: StartCommand, clock: Clock, id: string): Job {
  // Node's pipes are sockets, which bash takes for a remote login: without --norc it would run ~/.bashrc first.
  const bash = existsSync("/bin/bash");
  const flags = bash ? ["--norc", "-c"] : ["-c"];
  // A group of its own, so that a kill reaches the children of the shell too.
  const child = spawn(bash ? "/bin/bash" : "/bin/sh", [...flags, command], {
    cwd,
    env,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let text = "";
  let dropped = 0;
  let drained = 0;
  let reason: Exit["reason"] = "exit";
  const listeners: ((chunk: string) => void)[] = [];
  const add = (chunk: string) => {
    text += chunk;
    if (text.length > MAX_OUTPUT_CHARS) {
      dropped += text.length - MAX_OUTPUT_CHARS;
      text = text.slice(-MAX_OUTPUT_CHARS);
    }
    for (const listener of listeners) listener(chunk);
  };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", add);
  // A program that does not read its input closes it under us.
  child.stdin.on("error", () => {});

  const kill = (why: "timeout" | "killed") => {
    if (job.exit) return;
    reason = why;
    signalGroup(child, "SIGTERM");
    clock.after(KILL_GRACE_MS, () => signalGroup(child, "SIGKILL"));
  };
  const cancelTimeout = clock.after(timeoutMs, () => kill("timeout"));
  const done = new Promise<Exit>((resolve) => {
    const finish = (exit: Exit) => {
      if (job.exit) return;
      cancelTimeout();
      job.exit = exit;
      job.endedAt = clock.now();
      // A grandchild that kept the pipe open must not keep the gateway waiting for it.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(exit);
    };
    child.on("error", (error) => finish({ code: null, signal: null, reason: "spawn-failed", error: error.message }));
    child.on("close", (code, signal) => finish({ code, signal, reason }));
    child.on("exit", (code, signal) => clock.after(50, () => finish({ code, signal, reason })));
  });

  const job: Job = {
    id,
    command,
    sessionKey,
    startedAt: clock.now(),
    pid: child.pid,
    background: false,
    done,
    output: () => text,
    dropped: () => dropped,
    drain() {
      const fresh = text.slice(Math.max(0, drained - dropped));
      drained = dropped + text.length;
      return fresh;
    },
    onOutput: (listener) => void listeners.push(listener),
    write(input, end) {
      if (job.exit || child.stdin.destroyed) return false;
      if (input) child.stdin.write(input);
      if (end) child.stdin.end();
      return true;
    },
    kill,
  };
  return job;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}

const ADJECTIVES = [
  "amber",
  "brisk",
  "calm",
  "clear",
  "deep",
  "early",
  "fair",
  "glad",
  "keen",
  "lucid",
  "mild",
  "neat",
  "quick",
  "quiet",
  "rapid",
  "solid",
  "swift",
  "tidal",
  "vivid",
  "warm",
];
const NOUNS = [
  "basin",
  "birch",
  "brook",
  "cedar",
  "cliff",
  "coral",
  "cove",
  "delta",
  "dune",
  "fern",
  "fjord",
  "glade",
  "harbor",
  "lagoon",
  "marsh",
  "reef",
  "ridge",
  "shoal",
  "spruce",
  "tide",
];

function pick(words: readonly string[]): string | undefined {
  return words[Math.floor(Math.random() * words.length)];
}

/** Two words: easy to repeat for a model and for a person. */
function newId(taken: ReadonlyMap<string, unknown>): string {
  for (let attempt = 0; attempt < 20; attempt++) {
    const id = `${pick(ADJECTIVES)}-${pick(NOUNS)}`;
    if (!taken.has(id)) return id;
  }
  return `job-${crypto.randomUUID().slice(0, 8)}`;
}
