import { mkdir, readFile, realpath, rename, stat, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { resolveToolPath, type ToolPathPolicy } from "./tool-path.ts";

export interface FileInfo {
  kind: "file" | "directory" | "other";
  /** Bytes. */
  size: number;
}

/**
 * The files that a session's tools see: the host's, or its sandbox's. Failures carry Node's `code` (`ENOENT`, `EACCES`
 * ...); `fileError` makes a sentence of them.
 */
export interface FileAccess {
  /** The guard for every path a model names; returns the path for the other calls. Throws `PATH_*`. */
  resolve(path: string): string;
  /** Links are followed. Undefined: there is nothing. */
  stat(path: string): Promise<FileInfo | undefined>;
  read(path: string): Promise<Buffer>;
  /** Makes parent directories; the old content stays until the new one is complete, and the file keeps its mode. */
  write(path: string, content: string): Promise<void>;
  remove(path: string): Promise<void>;
}

/** The file access of a session. */
export type FilesOf = (sessionKey: string) => FileAccess;

export function createHostFiles(policy: ToolPathPolicy): FileAccess {
  return {
    resolve: (path) => resolveToolPath(path, policy),
    async stat(path) {
      const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw error;
      });
      return info && { kind: info.isFile() ? "file" : info.isDirectory() ? "directory" : "other", size: info.size };
    },
    read: (path) => readFile(path),
    write: replaceFile,
    remove: (path) => unlink(path),
  };
}

async function replaceFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // A link stays a link: its target is what gets replaced.
  const file = await realpath(path).catch(() => path);
  const old = await stat(file).catch(() => undefined);
  if (old && !old.isFile()) return writeFile(file, content);
  const temporary = `${file}.${process.pid}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    await writeFile(temporary, content, old ? { mode: old.mode } : {});
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}
