import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Paths } from "@openclaw/core/paths";
import { directoriesIn } from "./list-files.ts";

/** One login of `auth-profiles.json`, as far as its state goes. Times are epoch ms. */
export interface StoredProfile {
  type?: string;
  provider?: string;
  expires?: number;
  refresh?: string;
}

export interface ProfilesFile {
  path: string;
  agentId: string;
  /** Why it cannot be used. */
  problem?: string;
  profiles: Record<string, StoredProfile | undefined>;
  usageStats: Record<
    string,
    { cooldownUntil?: number; disabledUntil?: number; disabledReason?: string; cooldownReason?: string } | undefined
  >;
}

/** The `auth-profiles.json` of every agent that has one. */
export function readProfileFiles(paths: Paths): ProfilesFile[] {
  return directoriesIn(join(paths.stateDir, "agents")).flatMap((agentId): ProfilesFile[] => {
    const path = join(paths.agentDir(agentId), "auth-profiles.json");
    if (!existsSync(path)) return [];
    const data = readObject(path);
    if (typeof data === "string") return [{ path, agentId, problem: data, profiles: {}, usageStats: {} }];
    return [{ path, agentId, profiles: section(data, "profiles"), usageStats: section(data, "usageStats") }];
  });
}

/** Files of old installations whose credentials the first use of a model takes over. */
export function waitingCredentials(paths: Paths): { path: string; providers: string[] }[] {
  const known = new Set(readProfileFiles(paths).flatMap(({ profiles }) => Object.keys(profiles)));
  const files = [
    join(paths.credentialsDir, "oauth.json"),
    ...directoriesIn(join(paths.stateDir, "agents")).map((agentId) => join(paths.agentDir(agentId), "auth.json")),
  ];
  return files.flatMap((path) => {
    if (!existsSync(path)) return [];
    const data = readObject(path);
    const providers =
      typeof data === "string" ? [] : Object.keys(data).filter((provider) => !known.has(`${provider}:default`));
    return providers.length > 0 ? [{ path, providers }] : [];
  });
}

function section<T>(data: Record<string, unknown>, key: string): Record<string, T> {
  const value = data[key];
  return isObject(value) ? (value as Record<string, T>) : {};
}

/** A file's JSON object, or why there is none. Never its text: it holds secrets. */
function readObject(path: string): Record<string, unknown> | string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return `cannot be read (${(error as NodeJS.ErrnoException).code})`;
  }
  try {
    const data: unknown = JSON.parse(text);
    return isObject(data) ? data : "is not a JSON object";
  } catch {
    return "is not valid JSON";
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
