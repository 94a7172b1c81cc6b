import { join } from "node:path";
import type { Log } from "@openclaw/core";
import { normalizeProvider } from "../models/reference.ts";
import { credentialsIn, readAuthFile, updateAuthFile, type AuthFileData } from "./auth-file.ts";
import type { ProfileStats } from "./cooldown.ts";
import type { Credential } from "./credential.ts";
import { importLegacy } from "./legacy-import.ts";

/** What an agent may use: its own file over the main agent's. */
export interface AuthView {
  profiles: Readonly<Record<string, Credential>>;
  /** Stored order by canonical provider id. */
  order: Readonly<Record<string, readonly string[]>>;
  lastGood: Readonly<Record<string, string>>;
  stats: Readonly<Record<string, ProfileStats>>;
}

export interface AuthStoreOptions {
  /** Folder of the agent, and of the main agent when it is another one. */
  agentDir: string;
  mainDir: string;
  /** Where `oauth.json` of old installations lies. */
  legacyDir: string;
  log: Log;
}

export interface AuthStore {
  /** The agent's own file, which new profiles go to. */
  readonly path: string;
  /** Where locks around a profile's renewal lie; the same for every agent. */
  readonly lockDir: string;
  /** Reads the files anew: a key added or revoked by hand counts from the next request on. */
  read(): AuthView;
  /** Changes the file that holds the profile (the agent's own for an unknown one). Throws what `updateAuthFile` does. */
  update(id: string, change: (data: AuthFileData) => boolean): Promise<void>;
  /** Changes every file in which this profile is found; for a renewed credential, which replaces all its copies. */
  updateAll(id: string, change: (data: AuthFileData) => boolean): Promise<void>;
}

export function createAuthStore({ agentDir, mainDir, legacyDir, log }: AuthStoreOptions): AuthStore {
  const fileIn = (dir: string) => join(dir, "auth-profiles.json");
  const own = fileIn(agentDir);
  // The later one wins where both say something.
  const paths = [...new Set([fileIn(mainDir), own])];
  let imported: Promise<unknown> | undefined;

  const readAll = () => paths.map((path) => readAuthFile(path, log));
  const holding = (id: string) => paths.filter((path) => id in readAuthFile(path, log).profiles);

  const settled = async () => {
    await imported;
  };

  return {
    path: own,
    lockDir: mainDir,
    read() {
      const files = readAll();
      if (!imported) {
        const found = importLegacy({ agentDir, mainDir, legacyDir, files, paths, log });
        imported = found.written;
        return merge(found.files);
      }
      return merge(files);
    },
    async update(id, change) {
      await settled();
      await updateAuthFile(holding(id).at(-1) ?? own, change);
    },
    async updateAll(id, change) {
      await settled();
      for (const path of holding(id)) await updateAuthFile(path, change);
    },
  };
}

function merge(files: readonly AuthFileData[]): AuthView {
  const profiles: Record<string, Credential> = {};
  const stats: Record<string, ProfileStats> = {};
  const order: Record<string, readonly string[]> = {};
  for (const file of files) {
    for (const [id, credential] of credentialsIn(file)) {
      if (!isOlder(credential, profiles[id])) profiles[id] = credential;
    }
    for (const [id, entry] of Object.entries(file.usageStats ?? {})) {
      if (newest(entry) >= newest(stats[id])) stats[id] = entry;
    }
    for (const [provider, ids] of Object.entries(file.order ?? {})) {
      if (Array.isArray(ids)) order[normalizeProvider(provider)] = ids;
    }
  }
  return { profiles, stats, order, lastGood: Object.assign({}, ...files.map((file) => file.lastGood)) };
}

/** Of two copies of one sign-in the one renewed last is valid: renewing takes the other one's refresh token away. */
function isOlder(credential: Credential, other: Credential | undefined): boolean {
  return credential.type === "oauth" && other?.type === "oauth" && (credential.expires ?? 0) < (other.expires ?? 0);
}

function newest(stats: ProfileStats | undefined): number {
  return Math.max(stats?.lastUsed ?? 0, stats?.lastFailureAt ?? 0);
}
