import { OpenClawError } from "@openclaw/core";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is a file",
  EISDIR: "it is a directory",
};

/** What a failed file operation tells the model. */
export function fileError(error: NodeJS.ErrnoException, path: string, verb: string): OpenClawError {
  return new OpenClawError({
    code: `FILE_${error.code ?? "FAILED"}`,
    message: `Cannot ${verb} ${path}: ${REASONS[error.code ?? ""] ?? error.message}.`,
    cause: error,
  });
}
