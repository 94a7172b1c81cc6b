import type { Clock } from "@openclaw/core";
import { newJobId } from "./job-id.ts";
import { startInTerminal, startPiped, type Child, type ChildCommand, type ChildEvents } from "./start-child.ts";

export interface StartCommand extends ChildCommand {
  /** What was asked for, for lists and events. */
  command: string;
  sessionKey: string;
  /** Who may see it: an agent on the host, or a sandbox. */
  owner: string;
  /** Killed after this many ms. */
  timeoutMs: number;
  terminal?: boolean;
  /** Ends what the host's process group does not hold (a container's processes). */
  killElsewhere?: () => void;
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
  readonly owner: string;
  readonly startedAt: number;
  readonly pid: number | undefined;
  readonly terminal: boolean;
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
  /** Throws `EXEC_NO_TERMINAL` when it needs one and there is none. */
  start(command: StartCommand): Promise<Job>;
  /** Background jobs of an owner, oldest first. */
  list(owner: string): Job[];
  /** Undefined also for a job of somebody else. */
  get(id: string, owner: string): Job | undefined;
  remove(id: string): void;
  /** Forgets the owner's jobs that have ended. Returns how many. */
  clear(owner: string): number;
  /** Kills everything that still runs. */
  close(): void;
}

const MAX_OUTPUT_CHARS = 200_000;
const KILL_GRACE_MS = 100;
/** How long output may still come after a program's end. */
const LATE_OUTPUT_MS = 50;

export function createProcessRegistry({ clock, cleanupMs }: { clock: Clock; cleanupMs: number }): ProcessRegistry {
  const jobs = new Map<string, Job>();
  const own = (owner: string) => [...jobs.values()].filter((job) => job.background && job.owner === owner);
  return {
    async start(command) {
      const id = newJobId(jobs);
      const job = await startJob(command, clock, id);
      jobs.set(id, job);
      const forget = () => void jobs.delete(id);
      void job.done.then(() => (job.background ? void clock.after(cleanupMs, forget) : forget()));
      return job;
    },
    list: own,
    get: (id, owner) => own(owner).find((job) => job.id === id),
    remove: (id) => void jobs.delete(id),
    clear(owner) {
      const ended = own(owner).filter(({ exit }) => exit);
      for (const { id } of ended) jobs.delete(id);
      return ended.length;
    },
    close() {
      for (const job of jobs.values()) job.kill("killed");
    },
  };
}

async function startJob(command: StartCommand, clock: Clock, id: string): Promise<Job> {
  let text = "";
  let dropped = 0;
  let drained = 0;
  let reason: Exit["reason"] = "exit";
  let cancelTimeout = () => {};
  let settle: (exit: Exit) => void;
  const done = new Promise<Exit>((resolve) => (settle = resolve));
  const listeners: ((chunk: string) => void)[] = [];
  let exit: Exit | undefined;

  const finish = (ended: Exit) => {
    if (exit) return;
    exit = ended;
    cancelTimeout();
    // `job` is missing when a program fails to start before `start` has returned.
    queueMicrotask(() => {
      job.exit = ended;
      job.endedAt = clock.now();
      child.release();
      settle(ended);
    });
  };
  const events: ChildEvents = {
    output(chunk) {
      text += chunk;
      if (text.length > MAX_OUTPUT_CHARS) {
        dropped += text.length - MAX_OUTPUT_CHARS;
        text = text.slice(-MAX_OUTPUT_CHARS);
      }
      for (const listener of listeners) listener(chunk);
    },
    failed: (error) => finish({ code: null, signal: null, reason: "spawn-failed", error: error.message }),
    exited: (code, signal) => clock.after(LATE_OUTPUT_MS, () => finish({ code, signal, reason })),
    closed: (code, signal) => finish({ code, signal, reason }),
  };
  const child: Child = command.terminal ? await startInTerminal(command, events) : startPiped(command, events);

  const kill = (why: "timeout" | "killed") => {
    if (exit) return;
    reason = why;
    command.killElsewhere?.();
    child.signal("SIGTERM");
    clock.after(KILL_GRACE_MS, () => child.signal("SIGKILL"));
  };
  const job: Job = {
    id,
    command: command.command,
    sessionKey: command.sessionKey,
    owner: command.owner,
    startedAt: clock.now(),
    pid: child.pid,
    terminal: command.terminal ?? false,
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
    write: (input, end) => !exit && child.write(input, end),
    kill,
  };
  if (!exit) cancelTimeout = clock.after(command.timeoutMs, () => kill("timeout"));
  return job;
}
