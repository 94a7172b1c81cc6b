import { createHash, randomUUID } from "node:crypto";
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { OpenClawError } from "@openclaw/core";
import type { Egress } from "../../tools/egress/index.ts";
import { readArchive, type ArchiveFile } from "./read-archive.ts";
import { toolFolder, type InstallPlan } from "./install-plan.ts";
import { toolsRoot } from "./tool-dirs.ts";

export interface DownloadOptions {
  egress: Egress;
  stateDir: string;
  timeoutMs: number;
  signal?: AbortSignal;
}

const maxDownloadBytes = 200 * 1024 * 1024;

/**
 * Fetches, checks and unpacks what a skill needs into `tools/<skill>` of the state directory, and nowhere else. The
 * directory appears when everything is there; an earlier one is replaced. Resolves with its path.
 */
export async function installDownload({ skillKey, installer }: InstallPlan, options: DownloadOptions): Promise<string> {
  const { url = "", sha256, archive, stripComponents = 0 } = installer;
  const { egress, stateDir, timeoutMs, signal } = options;
  const response = await egress.request(url, { timeoutMs, maxBytes: maxDownloadBytes, ...(signal ? { signal } : {}) });
  if (response.status !== 200) throw refused(`${url} answered ${response.status}`);
  if (!response.url.startsWith("https://")) throw refused(`${url} led to ${response.url}, which is not encrypted`);
  const digest = createHash("sha256").update(response.body).digest("hex");
  if (sha256 && digest !== sha256) throw refused(`${url} has another content than its skill says (SHA-256 ${digest})`);
  const files = archive
    ? readArchive(response.body, archive, stripComponents)
    : [{ path: installer.bins[0] ?? plainName(url), content: response.body, executable: true }];
  if (files.length === 0) throw refused(`${url} holds no files`);
  const root = toolsRoot(stateDir);
  const folder = toolFolder({ skillKey });
  const staging = join(root, `.${folder}-${randomUUID()}`);
  try {
    await mkdir(staging, { recursive: true, mode: 0o700 });
    for (const file of files) await place(staging, file);
    const target = join(root, folder);
    await rm(target, { recursive: true, force: true });
    await rename(staging, target);
    return target;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function place(dir: string, { path, content, executable }: ArchiveFile): Promise<void> {
  const file = join(dir, path);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // `wx`: an archive that names a file twice tries to put one over another.
  await writeFile(file, content, { flag: "wx", mode: 0o600 });
  if (executable) await chmod(file, 0o700);
}

function plainName(url: string): string {
  const name = basename(new URL(url).pathname);
  return /^[\w][\w.-]*$/.test(name) ? name : "download";
}

function refused(reason: string): OpenClawError {
  return new OpenClawError({
    code: "SKILL_DOWNLOAD_REFUSED",
    message: `Nothing was installed: ${reason}.`,
    hint: "Ask the skill's author for a corrected address or digest.",
  });
}
