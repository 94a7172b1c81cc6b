import { spawn } from "node:child_process";
import type { HostCommand } from "./types.ts";

export interface HostResult {
  /** Null when a signal or the time limit ended it. */
  code: number | null;
  stdout: Buffer;
  stderr: string;
}

export interface RunHostOptions {
  input?: string | Uint8Array;
  /** Default 30 s. */
  timeoutMs?: number;
  /** More output than this ends the command. Default 32 MiB. */
  maxBytes?: number;
  signal?: AbortSignal;
}

export type RunHost = (command: HostCommand, options?: RunHostOptions) => Promise<HostResult>;

/** Runs a program of the host to its end. Never rejects: a program that cannot be started has code 127. */
export const runHost: RunHost = (command, { input, timeoutMs = 30_000, maxBytes = 32 * 1024 * 1024, signal } = {}) =>
  new Promise((resolve) => {
    const child = spawn(command.file, command.args, { env: command.env, stdio: "pipe" });
    const chunks: Buffer[] = [];
    let size = 0;
    let stderr = "";
    const kill = () => void child.kill("SIGKILL");
    const timer = setTimeout(kill, timeoutMs);
    signal?.addEventListener("abort", kill, { once: true });
    if (signal?.aborted) kill();
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) kill();
      else chunks.push(chunk);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-4000)));
    // A program that does not read its input closes it under us.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    const finish = (code: number | null) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", kill);
      resolve({ code, stdout: Buffer.concat(chunks), stderr });
    };
    child.on("error", (error) => {
      stderr = error.message;
      finish(127);
    });
    child.on("close", finish);
  });
