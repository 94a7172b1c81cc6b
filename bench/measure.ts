import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** One figure. Times and sizes are compared as ratios within the same run, to bare Node or to a small case: machines differ, ratios hardly. */
export interface Measure {
  name: string;
  unit: "x node" | "x ten" | "ms" | "turns/s" | "MB";
  /** Promise to keep: at most this (for turns/s: at least). */
  limit: number;
  run(context: BenchContext): Promise<number>;
}

export interface BenchContext {
  /** Median wall time of `node -e 0`, ms. */
  nodeMs: number;
  /** Resident memory of an idle bare Node, bytes. */
  nodeRss: number;
}

/** Middle of several runs; the first is dropped, it warms caches. */
export async function median(times: number, run: () => Promise<number>): Promise<number> {
  await run();
  const values: number[] = [];
  for (let index = 0; index < times; index++) values.push(await run());
  return percentile(values, 0.5);
}

export function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}

/** Wall time of a command that must succeed, ms. */
export function timeCommand(command: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const [program = "", ...args] = command;
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: "ignore" });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve(performance.now() - started);
      else reject(new Error(`${command.join(" ")} exited with ${code}`));
    });
  });
}

/** Resident memory of a process, bytes. Linux. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}

/** Memory of an idle bare Node, as a floor nobody can go below. */
export async function bareNodeRss(): Promise<number> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const bytes = residentBytes(child.pid ?? 0);
  child.kill();
  return bytes;
}
