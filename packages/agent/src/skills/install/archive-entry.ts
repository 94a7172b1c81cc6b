import { OpenClawError } from "@openclaw/core";

/** An entry as the archive names it. */
export interface ArchiveEntry {
  name: string;
  kind: "file" | "directory" | "other";
  content: Uint8Array;
  executable: boolean;
}

/** After unpacking, all entries together: a small file must not become a full disk. */
export const maxUnpackedBytes = 500 * 1024 * 1024;

export function badArchive(reason: string, cause?: unknown): OpenClawError {
  return new OpenClawError({
    code: "SKILL_DOWNLOAD_REFUSED",
    message: `The archive was not unpacked: ${reason}.`,
    hint: "Nothing was written. Do not trust the skill that named it before you know why.",
    cause,
  });
}
