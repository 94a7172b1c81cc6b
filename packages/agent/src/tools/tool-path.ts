import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { OpenClawError } from "@openclaw/core";
import { expandHome } from "../settings.ts";

export interface ToolPathPolicy {
  /** Absolute; relative paths start here. */
  workspace: string;
  /** Refuse everything outside the workspace, symbolic links followed. */
  workspaceOnly: boolean;
  /** Files and directories that no file tool touches: credentials, device keys. Absolute. */
  forbidden?: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * The one guard for every path a model names. Returns the absolute path to open. Throws `PATH_INVALID`,
 * `PATH_OUTSIDE_WORKSPACE` or `PATH_FORBIDDEN`. A path that does not exist yet is judged by its nearest existing parent,
 * so that a link planted in the workspace leads nowhere.
 */
export function resolveToolPath(path: string, policy: ToolPathPolicy): string {
  if (path.trim() === "" || path.includes("\0")) {
    throw new OpenClawError({ code: "PATH_INVALID", message: "The path is empty or holds a NUL character." });
  }
  const absolute = resolve(policy.workspace, expandHome(path.trim(), policy.env));
  const real = realTarget(absolute);
  if (policy.workspaceOnly && !isInside(real, realTarget(policy.workspace))) {
    throw new OpenClawError({
      code: "PATH_OUTSIDE_WORKSPACE",
      message: `${path} is outside the workspace.`,
      hint: `Use a path under ${policy.workspace}.`,
    });
  }
  for (const forbidden of policy.forbidden ?? []) {
    if (isInside(real, realTarget(forbidden))) {
      throw new OpenClawError({
        code: "PATH_FORBIDDEN",
        message: `${path} holds credentials; file tools do not touch it.`,
      });
    }
  }
  return absolute;
}

function isInside(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && resolve(directory, way) === path);
}

function realTarget(path: string): string {
  const missing: string[] = [];
  let existing = path;
  while (!existsSync(existing)) {
    const parent = dirname(existing);
    if (parent === existing) return path;
    missing.unshift(basename(existing));
    existing = parent;
  }
  return join(realpathSync(existing), ...missing);
}
