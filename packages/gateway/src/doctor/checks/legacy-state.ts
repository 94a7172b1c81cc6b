import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OpenClawError } from "@openclaw/core";
import { parseConfigText } from "@openclaw/core/config";
import { defaultAgentId } from "@openclaw/core/routing";
import type { DoctorCheck, DoctorContext, Finding } from "../check.ts";
import { lstatOf } from "../list-files.ts";
import { moveInto } from "../move-files.ts";

export const legacyState: DoctorCheck = {
  id: "legacy-state",
  group: "state",
  title: "Nothing lies where older installations kept it",
  run(context) {
    const { paths, config } = context;
    const agentId = defaultAgentId(config ?? {});
    return [
      ...leftover(context, {
        from: join(paths.stateDir, "agent"),
        to: paths.agentDir(agentId),
        move: moveInto,
      }),
      ...leftover(context, {
        from: join(paths.stateDir, "sessions"),
        to: paths.sessionsDir(agentId),
        move(from, to) {
          joinSessions(join(from, "sessions.json"), join(to, "sessions.json"));
          return moveInto(from, to);
        },
      }),
    ];
  },
};

interface Move {
  from: string;
  to: string;
  /** Returns the files that had to stay. */
  move(from: string, to: string): string[];
}

function leftover({ owner }: DoctorContext, { from, to, move }: Move): Finding[] {
  const stat = lstatOf(from);
  if (!stat?.isDirectory()) return [];
  const message = `${from} is from the time of a single agent; nothing reads it.`;
  if (owner)
    return [
      {
        severity: "warning",
        message,
        hint: `Stop the gateway (pid ${owner.pid}), then openclaw doctor --fix moves it to ${to}.`,
      },
    ];
  const apply = async () => {
    const stayed = move(from, to);
    if (stayed.length === 0) return;
    throw new OpenClawError({
      code: "STATE_CONFLICT",
      message: `${stayed.join(", ")} stayed: there is another file of that name in ${to}.`,
      hint: "Keep the right one of the two, and remove the other.",
    });
  };
  return [
    {
      severity: "warning",
      message,
      fix: { summary: `Moves what is in it to ${to}; nothing there is written over.`, apply },
    },
  ];
}

/** Adds the conversations that the new list lacks; the old list stays beside it as a backup. */
function joinSessions(from: string, to: string): void {
  if (!existsSync(from) || !existsSync(to)) return;
  const [older, newer] = [readList(from), readList(to)];
  const joined = `${JSON.stringify({ ...older, ...newer }, null, 2)}\n`;
  const temporary = `${to}.${process.pid}.tmp`;
  writeFileSync(temporary, joined, { mode: 0o600 });
  renameSync(temporary, to);
  const backup = `${to}.legacy`;
  if (existsSync(backup)) return;
  renameSync(from, backup);
  chmodSync(backup, 0o600);
}

function readList(path: string): Record<string, unknown> {
  const data = parseConfigText(readFileSync(path, "utf8"));
  if (typeof data === "object" && data !== null && !Array.isArray(data)) return data as Record<string, unknown>;
  throw new OpenClawError({
    code: "SESSIONS_UNREADABLE",
    message: `${path} is not a list of sessions.`,
    hint: "Move it away, then run this again.",
  });
}
