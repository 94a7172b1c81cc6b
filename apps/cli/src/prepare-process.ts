import { lstatSync, mkdirSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What must happen before the rest is loaded. */
export function prepareProcess(): void {
  quietWarnings();
  quietModelLibraries();
  useCompileCache();
}

/**
 * Keeps compiled code between commands: a start that reads it costs half. The directory is our own and nobody else may
 * write to it, for what lies there is run; where that cannot be had there is no cache.
 */
function useCompileCache(): void {
  const uid = process.getuid?.();
  const dir = join(tmpdir(), uid === undefined ? "openclaw" : `openclaw-${uid}`);
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const stat = lstatSync(dir);
    if (!stat.isDirectory() || (uid !== undefined && (stat.uid !== uid || (stat.mode & 0o022) !== 0))) return;
    enableCompileCache(join(dir, "compile-cache"));
  } catch {
    // A read-only or full temporary directory costs time, not the command.
  }
}

/** Keeps Node's remark about its built-in SQLite from people who can do nothing about it. Other warnings stay. */
function quietWarnings(): void {
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).startsWith("SQLite is an experimental feature")) emit(warning, ...rest);
  };
}

/**
 * The model libraries write a stream that they cannot parse to the console as it is: words of a conversation, past the
 * log and its redaction. What became of the call is in the log. Whoever sets the variables wants to see it.
 */
function quietModelLibraries(): void {
  process.env.OPENAI_LOG ??= "off";
  process.env.ANTHROPIC_LOG ??= "off";
}
