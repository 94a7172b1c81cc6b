import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { OpenClawError } from "@openclaw/core";
import { isAsk, isSecurity, stricterAsk, stricterSecurity, type ExecPolicy } from "./types.ts";

export interface AllowlistEntry {
  id?: string;
  pattern: string;
  /** Epoch ms. */
  lastUsedAt?: number;
  lastUsedCommand?: string;
  lastResolvedPath?: string;
}

interface StoredPolicy {
  security?: string;
  ask?: string;
  askFallback?: string;
  autoAllowSkills?: boolean;
}

/** `exec-approvals.json` */
export interface ApprovalsFile {
  version: 1;
  socket?: { path?: string; token?: string };
  defaults?: StoredPolicy;
  /** By agent id; `*` is for every agent. */
  agents?: Record<string, StoredPolicy & { allowlist?: AllowlistEntry[] }>;
}

export interface ApprovalsSnapshot {
  path: string;
  exists: boolean;
  /** SHA-256 of the text, of the empty one when there is no file: the `baseHash` of a change. */
  hash: string;
  file: ApprovalsFile;
}

export interface ApprovalsStore {
  /** Throws `EXEC_APPROVALS_FILE` when the file is there and cannot be read: then nothing may be assumed allowed. */
  read(): ApprovalsSnapshot;
  /** Replaces the file; `socket` is kept unless given. Throws `EXEC_APPROVALS_CHANGED` when `baseHash` is not the file's. */
  replace(file: ApprovalsFile, baseHash?: string): ApprovalsSnapshot;
  /** What a segment of a command matched was used. */
  noteUse(agentId: string, pattern: string, use: { command: string; resolvedPath: string; now: number }): void;
  /** Remembers programs for an agent. */
  allow(agentId: string, paths: readonly string[], use: { command: string; now: number }): void;
}

const MAX_NOTED_COMMAND = 400;

export function createApprovalsStore({ path, socketPath }: { path: string; socketPath?: string }): ApprovalsStore {
  function read(): ApprovalsSnapshot {
    let raw: string | undefined;
    try {
      raw = readFileSync(path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw unreadable(path, error);
    }
    const hash = createHash("sha256")
      .update(raw ?? "")
      .digest("hex");
    if (raw === undefined || raw.trim() === "") return { path, exists: raw !== undefined, hash, file: { version: 1 } };
    try {
      return { path, exists: true, hash, file: normalizeApprovals(JSON.parse(raw)) };
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  function write(file: ApprovalsFile): void {
    const socket = {
      path: file.socket?.path ?? socketPath ?? `${path.replace(/\.json$/, "")}.sock`,
      token: file.socket?.token ?? randomBytes(24).toString("base64url"),
    };
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const temporary = `${path}.${process.pid}.${randomUUID().slice(0, 8)}.tmp`;
    const text = JSON.stringify(
      { version: 1, socket, defaults: file.defaults ?? {}, agents: file.agents ?? {} },
      undefined,
      2,
    );
    writeFileSync(temporary, `${text}\n`, { mode: 0o600 });
    renameSync(temporary, path);
  }

  function changeList(agentId: string, change: (list: AllowlistEntry[]) => AllowlistEntry[]): void {
    const { file } = read();
    const agent = file.agents?.[agentId] ?? {};
    write({ ...file, agents: { ...file.agents, [agentId]: { ...agent, allowlist: change(agent.allowlist ?? []) } } });
  }

  return {
    read,
    replace(file, baseHash) {
      const current = read();
      if (baseHash !== undefined && baseHash !== current.hash) {
        throw new OpenClawError({
          code: "EXEC_APPROVALS_CHANGED",
          message: "exec approvals changed since last load; re-run exec.approvals.get and retry",
        });
      }
      const fresh = normalizeApprovals(file);
      write({ ...fresh, socket: { ...current.file.socket, ...fresh.socket } });
      return read();
    },
    noteUse(agentId, pattern, { command, resolvedPath, now }) {
      const { file } = read();
      const owner = file.agents?.[agentId]?.allowlist?.some((entry) => entry.pattern === pattern) ? agentId : "*";
      changeList(owner, (list) =>
        list.map((entry) =>
          entry.pattern === pattern
            ? {
                ...entry,
                lastUsedAt: now,
                lastUsedCommand: command.slice(0, MAX_NOTED_COMMAND),
                lastResolvedPath: resolvedPath,
              }
            : entry,
        ),
      );
    },
    allow(agentId, paths, { command, now }) {
      changeList(agentId, (list) => [
        ...list,
        ...paths
          .filter((pattern) => !list.some((entry) => entry.pattern === pattern))
          .map((pattern) => ({
            id: randomUUID(),
            pattern,
            lastUsedAt: now,
            lastUsedCommand: command.slice(0, MAX_NOTED_COMMAND),
            lastResolvedPath: pattern,
          })),
      ]);
    },
  };
}

/**
 * The policy for an agent: its own entry, that of `*`, the file's defaults; what none of them says comes from the tool's
 * settings, and the stricter of both holds.
 */
export function effectivePolicy(
  file: ApprovalsFile,
  agentId: string,
  tool: Pick<ExecPolicy, "security" | "ask">,
): ExecPolicy & { allowlist: readonly AllowlistEntry[] } {
  const agent = file.agents?.[agentId];
  const everybody = file.agents?.["*"];
  const levels = [agent, everybody, file.defaults];
  const security = levels.map((level) => level?.security).find(isSecurity) ?? tool.security;
  const ask = levels.map((level) => level?.ask).find(isAsk) ?? tool.ask;
  return {
    security: stricterSecurity(security, tool.security),
    ask: stricterAsk(ask, tool.ask),
    askFallback: levels.map((level) => level?.askFallback).find(isSecurity) ?? "deny",
    autoAllowSkills: levels.map((level) => level?.autoAllowSkills).find((value) => value !== undefined) ?? false,
    allowlist: [...(agent?.allowlist ?? []), ...(everybody?.allowlist ?? [])],
  };
}

/** Whether the owner wrote down a security for this agent: then it holds however the host is reached. */
export function statesSecurity(file: ApprovalsFile, agentId: string): boolean {
  return [file.agents?.[agentId], file.agents?.["*"], file.defaults].some((level) => isSecurity(level?.security));
}

/** Older shapes: `agents.default` belongs to `main`, and a list item may be a bare pattern. Throws on what is no file. */
export function normalizeApprovals(value: unknown): ApprovalsFile {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("it is no JSON object");
  const { version, socket, defaults, agents = {} } = value as Partial<Record<keyof ApprovalsFile, unknown>>;
  if (version !== 1) throw new Error(`version is ${JSON.stringify(version)}, not 1`);
  const { default: legacy, ...rest } = agents as Record<string, NonNullable<ApprovalsFile["agents"]>[string]>;
  const merged = legacy
    ? {
        ...rest,
        main: {
          ...legacy,
          ...rest["main"],
          allowlist: [...(legacy.allowlist ?? []), ...(rest["main"]?.allowlist ?? [])],
        },
      }
    : rest;
  const entries = Object.entries(merged).map(([id, agent]) => {
    const list = agent.allowlist as (AllowlistEntry | string)[] | undefined;
    if (!list) return [id, agent] as const;
    const allowlist = list
      .map((item) => (typeof item === "string" ? { pattern: item } : item))
      .filter((item) => typeof item?.pattern === "string" && item.pattern.trim() !== "")
      .map((item) => ({ ...item, id: item.id ?? randomUUID() }));
    return [id, { ...agent, allowlist }] as const;
  });
  return {
    version: 1,
    ...(socket ? { socket } : {}),
    defaults: defaults ?? {},
    agents: Object.fromEntries(entries),
  };
}

function unreadable(path: string, cause: unknown): OpenClawError {
  return new OpenClawError({
    code: "EXEC_APPROVALS_FILE",
    message: `${path} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}.`,
    hint: "Correct or remove the file. Until then no command runs on the host.",
    cause,
  });
}
