import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Log } from "@openclaw/core";
import type { KeyValueStore } from "../store/key-value.ts";
import type { SubagentRun } from "../store/subagent-runs.ts";

export interface RunsFile {
  /** What the file says unless we wrote it ourselves: runs of another installation. Never rejects. */
  foreign(): Promise<SubagentRun[]>;
  /** Replaces the file in one rename; directory 0700, file 0600. */
  write(runs: readonly SubagentRun[]): Promise<void>;
}

const SCOPE = "subagents-export";

/** `<stateDir>/subagents/runs.json`, version 2. */
export function createRunsFile({
  stateDir,
  values,
  log,
}: {
  stateDir: string;
  values: KeyValueStore;
  log: Log;
}): RunsFile {
  const path = join(stateDir, "subagents", "runs.json");
  const hash = (text: string) => createHash("sha1").update(text).digest("hex");
  let written: string | undefined;
  /** Of the newest export and the one before it: a crash leaves either. */
  const ours = () => (values.get(SCOPE, "hashes") ?? []) as string[];

  return {
    async foreign() {
      let text: string;
      try {
        text = await readFile(path, "utf8");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT")
          log.error(`${path} could not be read: ${String(error)}`);
        return [];
      }
      if (ours().includes(hash(text))) return [];
      const { runs, dropped } = parseRuns(text);
      if (dropped > 0) {
        const aside = `${path}.corrupt-${hash(text).slice(0, 8)}`;
        await rename(path, aside).catch(() => {});
        log.warn(
          `${dropped === 1 ? "an entry" : `${dropped} entries`} of ${path} could not be read; the file as it was is ${aside}`,
        );
      }
      return runs;
    },
    async write(runs) {
      const entries = Object.fromEntries(runs.map((run) => [run.runId, exported(run)]));
      const text = `${JSON.stringify({ version: 2, runs: entries }, null, 2)}\n`;
      const next = hash(text);
      if (written === next) return;
      values.set(SCOPE, "hashes", [next, ...ours().slice(0, 1)]);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const handle = await open(`${path}.tmp`, "w", 0o600);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(`${path}.tmp`, path);
      written = next;
    },
  };
}

/** The fields of the format, in its order. */
function exported(run: SubagentRun): Record<string, unknown> {
  return {
    runId: run.runId,
    childSessionKey: run.childSessionKey,
    requesterSessionKey: run.requesterSessionKey,
    requesterOrigin: run.requesterOrigin,
    requesterDisplayKey: run.requesterDisplayKey,
    task: run.task,
    cleanup: run.cleanup,
    label: run.label,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    archiveAtMs: run.archiveAtMs,
    cleanupHandled: run.cleanupHandled ?? false,
    endedAt: run.endedAt,
    outcome: run.outcome,
    cleanupCompletedAt: run.cleanupCompletedAt,
  };
}

function parseRuns(text: string): { runs: SubagentRun[]; dropped: number } {
  let entries: unknown;
  try {
    entries = (JSON.parse(text) as { runs?: unknown }).runs;
  } catch {
    return { runs: [], dropped: 1 };
  }
  if (typeof entries !== "object" || entries === null) return { runs: [], dropped: 1 };
  const values = Object.values(entries as Record<string, unknown>);
  const runs = values.flatMap((value) => readRun(value) ?? []);
  return { runs, dropped: values.length - runs.length };
}

function readRun(value: unknown): SubagentRun | undefined {
  const run = value as Partial<SubagentRun> | null;
  const texts = [run?.runId, run?.childSessionKey, run?.requesterSessionKey, run?.task];
  if (!run || texts.some((text) => typeof text !== "string") || typeof run.createdAt !== "number") return undefined;
  return {
    ...(run as SubagentRun),
    requesterDisplayKey: run.requesterDisplayKey ?? run.requesterSessionKey ?? "main",
    cleanup: run.cleanup === "delete" ? "delete" : "keep",
  };
}
