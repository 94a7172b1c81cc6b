import { readFileSync } from "node:fs";
import { OpenClawError } from "@openclaw/core";
import type { ContainerSettings } from "./types.ts";

const UNITS: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** `512m`, `1g` or a number of bytes. Throws `SANDBOX_LIMIT`. */
export function parseBytes(value: string | number, key: string): number {
  if (typeof value === "number") return value;
  const match = /^(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b)?$/i.exec(value.trim());
  if (!match) {
    throw new OpenClawError({
      code: "SANDBOX_LIMIT",
      message: `sandbox.docker.${key} "${value}" is no size.`,
      hint: 'Write a number of bytes, or one like "512m" or "1g".',
    });
  }
  return Math.floor(Number(match[1]) * (UNITS[(match[2] || "b").toLowerCase()] ?? 1));
}

/** `soft:hard` as Docker and prlimit both take it. */
export function limitPair(value: ContainerSettings["ulimits"][string]): string {
  if (typeof value === "number") return `${value}:${value}`;
  if (typeof value === "string") return value;
  const { soft = value.hard, hard = value.soft } = value;
  return `${soft ?? -1}:${hard ?? -1}`;
}

/**
 * Programs in front of a command that hold it to the limits: prlimit for processes, memory and ulimits, taskset for
 * processors. Memory is counted as written data (RLIMIT_DATA), because runtimes reserve far more addresses than they use.
 */
export function limitPrefix(container: ContainerSettings): string[] {
  const limits: string[] = [];
  if (container.pidsLimit) limits.push(`--nproc=${container.pidsLimit}`);
  if (container.memory) limits.push(`--data=${parseBytes(container.memory, "memory")}`);
  for (const [name, value] of Object.entries(container.ulimits)) {
    const pair = limitPair(value).replaceAll("-1", "unlimited");
    limits.push(`--${name === "rss" ? "rss" : name}=${pair}`);
  }
  const processors = container.cpus ? allowedProcessors(Math.max(1, Math.ceil(container.cpus))) : "";
  return [
    ...(processors ? ["/usr/bin/taskset", "--cpu-list", processors] : []),
    ...(limits.length > 0 ? ["/usr/bin/prlimit", ...limits] : []),
  ];
}

/** The first `count` processors that this process may use itself, e.g. `0,1`. */
function allowedProcessors(count: number): string {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  const all = list.split(",").flatMap((part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  return all.slice(0, count).join(",");
}
