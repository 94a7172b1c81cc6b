import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { OpenClawError, type Log } from "@openclaw/core";
import { BOOTSTRAP_FILE, WORKSPACE_FILES } from "./bootstrap-files.ts";
import {
  agentsTemplate,
  bootstrapTemplate,
  heartbeatTemplate,
  identityTemplate,
  soulTemplate,
  toolsTemplate,
  userTemplate,
} from "./templates/index.ts";

const TEMPLATES: Readonly<Record<string, string>> = {
  "AGENTS.md": agentsTemplate,
  "SOUL.md": soulTemplate,
  "TOOLS.md": toolsTemplate,
  "IDENTITY.md": identityTemplate,
  "USER.md": userTemplate,
  "HEARTBEAT.md": heartbeatTemplate,
};

export interface PrepareWorkspaceOptions {
  workspace: string;
  skipBootstrap: boolean;
  log: Log;
  /** For `PATH`: git makes a new workspace a repository, where it is installed. */
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * Creates the workspace and the files it lacks; never overwrites one. `BOOTSTRAP.md` comes only with a brand new
 * workspace, so that a finished first talk stays finished. Throws `WORKSPACE_UNAVAILABLE` when the directory cannot be
 * made or is not one.
 */
export async function prepareWorkspace(options: PrepareWorkspaceOptions): Promise<{ dir: string; created: string[] }> {
  const { workspace, skipBootstrap, log } = options;
  try {
    await mkdir(workspace, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new OpenClawError({
      code: "WORKSPACE_UNAVAILABLE",
      message: `The workspace ${workspace} cannot be used: ${(error as NodeJS.ErrnoException).code ?? String(error)}.`,
      hint: "Create it, or set agents.defaults.workspace to a directory that is writable.",
      cause: error,
    });
  }
  if (skipBootstrap) return { dir: workspace, created: [] };
  const brandNew = WORKSPACE_FILES.every((name) => !existsSync(join(workspace, name)));
  const created: string[] = [];
  for (const name of WORKSPACE_FILES) {
    if (await writeNew(join(workspace, name), TEMPLATES[name] ?? "", log)) created.push(name);
  }
  if (brandNew && created.length > 0) {
    if (await writeNew(join(workspace, BOOTSTRAP_FILE), bootstrapTemplate, log)) created.push(BOOTSTRAP_FILE);
    await initGit(options);
  }
  return { dir: workspace, created };
}

/** A workspace that cannot be written is still one to read: the turn goes on, the prompt shows what is missing. */
async function writeNew(path: string, text: string, log: Log): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "EEXIST") log.warn(`Could not create ${path}: ${code ?? String(error)}.`);
    return false;
  }
}

async function initGit({ workspace, env, log }: PrepareWorkspaceOptions): Promise<void> {
  if (existsSync(join(workspace, ".git"))) return;
  const variables = {
    PATH: env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
    ...(env["HOME"] ? { HOME: env["HOME"] } : {}),
  };
  try {
    await promisify(execFile)("git", ["init", "-q"], { cwd: workspace, env: variables, timeout: 5000 });
  } catch (error) {
    log.debug("The workspace is no git repository.", { error: String(error) });
  }
}
