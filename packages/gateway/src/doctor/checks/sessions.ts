import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import { parseConfigText } from "@openclaw/core/config";
import type { SessionEntry } from "@openclaw/core/sessions";
import { createTranscripts } from "../../sessions/transcripts.ts";
import type { DoctorCheck, DoctorContext, Finding } from "../check.ts";
import { directoriesIn, entriesOf } from "../list-files.ts";

/** Keys that a finding lists before it only counts. */
const NAMED = 3;

export const sessions: DoctorCheck = {
  id: "sessions",
  group: "state",
  title: "Every conversation has its transcript",
  run: (context) =>
    directoriesIn(join(context.paths.stateDir, "agents")).flatMap((agentId) => checkAgent(agentId, context)),
};

function checkAgent(agentId: string, { paths, clock, config }: DoctorContext): Finding[] {
  const main = ["main", `agent:${agentId}:main`, `agent:${agentId}:${config?.session?.mainKey ?? "main"}`];
  const dir = paths.sessionsDir(agentId);
  const file = join(dir, "sessions.json");
  if (!existsSync(file)) return [];
  let stored: unknown;
  try {
    stored = parseLoosely(readFileSync(file, "utf8"));
  } catch (error) {
    return [
      {
        severity: "error",
        message: `${file} cannot be read: ${(error as Error).message}`,
        hint: "Check its owner and permissions.",
      },
    ];
  }
  if (typeof stored !== "object" || stored === null || Array.isArray(stored)) {
    return [
      {
        severity: "error",
        message: `${file} is damaged: it is not a JSON object.`,
        hint: "The gateway sets it aside and starts with what its database knows; backups beside it end in .bak and a time.",
      },
    ];
  }
  const { pathOf } = createTranscripts({ workspace: () => dir, clock, log: silentLog });
  const names = entriesOf(dir).map(({ name }) => name);
  const missing: string[] = [];
  const findings: Finding[] = [];
  for (const [key, entry] of Object.entries(stored as Record<string, Partial<SessionEntry> | null>)) {
    if (!isUsed(entry)) continue;
    const path = pathOf(dir, entry);
    // A topic's transcript carries more than the id in its name.
    if (!existsSync(path) && !names.some((name) => name.startsWith(entry.sessionId))) missing.push(key);
    else if (main.includes(key) && existsSync(path) && holdsHeaderOnly(path)) {
      findings.push({
        severity: "warning",
        message: `${path}, the transcript of ${key}, holds its first line only, though the conversation went on: your assistant remembers nothing of it.`,
        hint: "Put a backup in its place (beside it, ending in .bak and a time), or begin anew: openclaw sessions reset main",
      });
    }
  }
  if (missing.length > 0) {
    const more = missing.length - NAMED;
    findings.push({
      severity: "warning",
      message: `The transcripts of ${missing.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""} are missing from ${dir}.`,
      hint: "Put them back from a backup. Without them these conversations begin anew; openclaw sessions delete <key> removes one from the list.",
    });
  }
  return findings;
}

/** An entry that was only named or set up never had a transcript. */
function isUsed(entry: Partial<SessionEntry> | null): entry is SessionEntry {
  if (typeof entry?.sessionId !== "string" || !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(entry.sessionId)) return false;
  return (
    entry.systemSent === true ||
    [entry.totalTokens, entry.inputTokens, entry.outputTokens, entry.compactionCount].some((count) => (count ?? 0) > 0)
  );
}

function holdsHeaderOnly(path: string): boolean {
  // A header has some hundred bytes.
  return statSync(path).size < 64 * 1024 && !readFileSync(path, "utf8").trim().includes("\n");
}

function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return parseConfigText(text);
    } catch {
      return undefined;
    }
  }
}
