import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Program, ProgramContext } from "./resolve-program.ts";
import { resolveProgram } from "./resolve-program.ts";

export interface BindingInput extends ProgramContext {
  command: string;
  /** What the call set; the gateway's own environment does not change between question and answer. */
  env: Readonly<Record<string, string>>;
  host: string;
  programs: readonly Program[];
}

/** More than this of a file is not read: size and time of change stand for the rest. */
const MAX_HASHED_BYTES = 64 * 1024 * 1024;

/**
 * What an approval is good for: this text, in this directory, with these variables, and these very files. Files are the
 * programs of the command and everything it names that is one: a script handed to an interpreter is as good as a program.
 */
export function bindCommand({ command, cwd, env, host, programs, path, home }: BindingInput): string {
  const context = { cwd, path, home };
  const named = command.split(/[\s|&;<>()'"`=,]+/).flatMap((word) => fileOf(word, context));
  const first = resolveProgram(/^\s*([^\s|&;<>()]+)/.exec(command)?.[1] ?? "", context);
  const files = [
    ...new Set([...programs.map((program) => program.path), ...(first ? [first.path] : []), ...named]),
  ].toSorted();
  const facts = {
    command,
    directory: identity(cwd),
    env: Object.entries(env).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    host,
    files: files.map((file) => [file, identity(file), contentHash(file)]),
  };
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex");
}

/** Programs and scripts; data may change while somebody thinks (a log, for one) and is not what was approved. */
function fileOf(word: string, { cwd, home }: ProgramContext): string[] {
  if (word === "" || word.length > 4096) return [];
  const written = word.startsWith("~/") ? `${home}${word.slice(1)}` : word;
  const file = isAbsolute(written) ? written : join(cwd, written);
  const info = statSync(file, { throwIfNoEntry: false });
  const script =
    /\.(?:[cm]?[jt]s|sh|bash|zsh|py|rb|pl|lua|php|ps1|mk|awk|sed|jq|sql|tcl|expect)$|(?:^|\/)(?:Makefile|Justfile|package\.json)$/i;
  return info?.isFile() && ((info.mode & 0o111) !== 0 || script.test(file)) ? [file] : [];
}

function identity(path: string): unknown {
  const info = statSync(path, { throwIfNoEntry: false, bigint: true });
  return info
    ? [realpathSync.native(path), String(info.dev), String(info.ino), String(info.size), String(info.mtimeNs)]
    : null;
}

function contentHash(path: string): string | null {
  const hash = createHash("sha256");
  let handle: number | undefined;
  try {
    handle = openSync(path, "r");
    const buffer = Buffer.allocUnsafe(1024 * 1024);
    for (let total = 0; total < MAX_HASHED_BYTES;) {
      const size = readSync(handle, buffer, 0, buffer.length, total);
      if (size === 0) break;
      hash.update(buffer.subarray(0, size));
      total += size;
    }
    return hash.digest("hex");
  } catch {
    return null;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
