import { spawn } from "node:child_process";
import { OpenClawError } from "@openclaw/core";

/** A program to start. Nothing of it passes through a shell. */
export interface ChildCommand {
  file: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
}

/** A running program, whatever carries its input and output. */
export interface Child {
  readonly pid: number | undefined;
  /** False when it takes no more input. */
  write(text: string, end: boolean): boolean;
  /** To the whole process group. */
  signal(signal: NodeJS.Signals): void;
  /** Lets go of its output: a grandchild that holds the pipe must not hold the gateway. */
  release(): void;
}

export interface ChildEvents {
  output(text: string): void;
  /** The program ended; more output may follow until `closed`. */
  exited(code: number | null, signal: NodeJS.Signals | null): void;
  closed(code: number | null, signal: NodeJS.Signals | null): void;
  failed(error: Error): void;
}

export function startPiped({ file, args, cwd, env }: ChildCommand, events: ChildEvents): Child {
  // A group of its own, so that a kill reaches the children of a shell too.
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => events.output(text));
  // A program that does not read its input closes it under us.
  child.stdin.on("error", () => {});
  child.on("error", (error) => events.failed(error));
  child.on("exit", (code, signal) => events.exited(code, signal));
  child.on("close", (code, signal) => events.closed(code, signal));
  return {
    pid: child.pid,
    write(text, end) {
      if (child.stdin.destroyed || child.stdin.writableEnded) return false;
      if (text) child.stdin.write(text);
      if (end) child.stdin.end();
      return true;
    },
    signal: (signal) => signalGroup(child.pid, signal),
    release() {
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
}

const COLUMNS = 120;
const ROWS = 30;
/** Ctrl-D: what ends the input of a terminal. */
const END_OF_INPUT = "\u0004";

/** Gives the program a terminal. Throws `EXEC_NO_TERMINAL` where none can be made. */
export async function startInTerminal({ file, args, cwd, env }: ChildCommand, events: ChildEvents): Promise<Child> {
  const { spawn: open } = await import("@lydell/node-pty").catch((error: unknown) => {
    throw new OpenClawError({
      code: "EXEC_NO_TERMINAL",
      message: "This system has no terminal to give: @lydell/node-pty does not support it.",
      hint: "Run the command without pty.",
      cause: error,
    });
  });
  const terminal = open(file, [...args], { name: "xterm-256color", cols: COLUMNS, rows: ROWS, cwd, env });
  let ended = false;
  terminal.onData((text) => events.output(text));
  terminal.onExit(({ exitCode, signal }) => {
    ended = true;
    const name = signal ? signalName(signal) : null;
    events.closed(name ? null : exitCode, name);
  });
  return {
    pid: terminal.pid,
    write(text, end) {
      if (ended) return false;
      if (text || end) terminal.write(`${text}${end ? END_OF_INPUT : ""}`);
      return true;
    },
    // The program leads a session of its own, so its group has its number.
    signal: (signal) => signalGroup(terminal.pid, signal),
    release() {},
  };
}

const SIGNALS: Readonly<Record<number, NodeJS.Signals>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  6: "SIGABRT",
  9: "SIGKILL",
  11: "SIGSEGV",
  13: "SIGPIPE",
  15: "SIGTERM",
};

const signalName = (number: number): NodeJS.Signals => SIGNALS[number] ?? "SIGTERM";

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}
