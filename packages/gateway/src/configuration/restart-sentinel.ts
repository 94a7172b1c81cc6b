import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** What the next start of the gateway tells about this end. The file's format is known to other installations. */
export interface RestartSentinel {
  kind: "config-apply" | "update" | "restart";
  status: "ok" | "error" | "skipped";
  ts: number;
  /** Session that asked; absent: the main one hears of it. */
  sessionKey?: string;
  message: string | null;
  doctorHint: string;
  stats: Record<string, unknown>;
}

export function writeSentinel(path: string, payload: RestartSentinel): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${JSON.stringify({ version: 1, payload }, null, 2)}\n`, { mode: 0o600 });
}

/** Reads and removes it. Undefined when there is none; a damaged one is removed too. */
export function takeSentinel(path: string): RestartSentinel | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  rmSync(path, { force: true });
  try {
    const { payload } = JSON.parse(text) as { payload?: RestartSentinel };
    return typeof payload?.kind === "string" ? payload : undefined;
  } catch {
    return undefined;
  }
}
