import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "@openclaw/core";
import { isRecord, updateAuthFile, type AuthFileData } from "./auth-file.ts";
import { isCredential, type Credential } from "./credential.ts";

export interface LegacyImportOptions {
  agentDir: string;
  mainDir: string;
  legacyDir: string;
  /** The files as read, in the order of `paths`. */
  files: readonly AuthFileData[];
  paths: readonly string[];
  log: Log;
}

/**
 * Takes credentials of old installations over as `<provider>:default`: `auth.json` of an agent's folder, which is
 * deleted then, and `oauth.json` of the credentials folder, which stays. Existing profiles win. The returned files hold
 * them already; `written` settles when they are on disk, and never rejects.
 */
export function importLegacy({ agentDir, mainDir, legacyDir, files, paths, log }: LegacyImportOptions): {
  files: AuthFileData[];
  written: Promise<void>;
} {
  const dirs = [...new Set([mainDir, agentDir])];
  const work: Promise<void>[] = [];
  const merged = files.map((file, index) => {
    const authJson = join(dirs[index]!, "auth.json");
    const cached = readFlat(authJson);
    const signIns = index === 0 ? readFlat(join(legacyDir, "oauth.json")) : undefined;
    const found = Object.entries({ ...signIns, ...cached }).filter(([id]) => !(id in file.profiles));
    if (found.length > 0) {
      work.push(
        updateAuthFile(paths[index]!, (data) => {
          const missing = found.filter(([id]) => !(id in data.profiles));
          Object.assign(data.profiles, Object.fromEntries(missing));
          return missing.length > 0;
        }).then(() => log.info(`Took over ${found.map(([id]) => id).join(", ")} into ${paths[index]}.`)),
      );
    }
    if (cached) work.push(Promise.all(work).then(() => rmSync(authJson, { force: true })));
    return { ...file, profiles: { ...Object.fromEntries(found), ...file.profiles } };
  });
  const written = Promise.all(work).then(
    () => {},
    (error: unknown) => log.warn("Could not take over old credentials.", { error: String(error) }),
  );
  return { files: merged, written };
}

/** A flat file: provider to credential. Undefined when there is none, or nothing in it is a credential. */
function readFlat(path: string): Record<string, Credential> | undefined {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
  if (!isRecord(data)) return undefined;
  const found = Object.entries(data).flatMap(([provider, value]): [string, Credential][] => {
    if (!isRecord(value)) return [];
    // The sign-in file of old installations held nothing but sign-ins, and did not say so.
    const type = value["type"] ?? (value["refresh"] ? "oauth" : undefined);
    const credential: unknown = { ...value, type, provider };
    return isCredential(credential) ? [[`${provider}:default`, credential]] : [];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
