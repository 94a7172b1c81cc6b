import { posix } from "node:path";
import { OpenClawError } from "@openclaw/core";
import type { FileAccess, FileInfo } from "../tools/file-access.ts";
import { runHost } from "./run-host.ts";
import type { Sandbox } from "./types.ts";

/** `$1` is the path in every script; for writing, `$2` makes a name unique, and the rest are directories that keep files. */
const STAT =
  'if [ -d "$1" ]; then echo directory 0; elif [ -f "$1" ]; then echo file "$(wc -c <"$1")"; elif [ -e "$1" ]; then echo other 0; else echo none 0; fi';
const READ = 'exec cat -- "$1"';
const WRITE = `
target=$(readlink -f -- "$1" 2>/dev/null) || target=$1
mark=$2
shift 2
for root; do case $target in "$root"/*) inside=1 ;; esac; done
[ -n "$inside" ] || { echo "$target: Permission denied" >&2; exit 1; }
mkdir -p -- "$(dirname -- "$target")" || exit 1
if [ -e "$target" ] && [ ! -f "$target" ]; then exec cat >"$target"; fi
fresh=$target.$mark.tmp
if cat >"$fresh"; then
  [ ! -e "$target" ] || chmod --reference="$target" "$fresh" 2>/dev/null
  mv -f -- "$fresh" "$target" && exit 0
fi
rm -f -- "$fresh"
exit 1`;
const REMOVE = 'exec rm -- "$1"';

const CODES: readonly (readonly [RegExp, string])[] = [
  [/no such file/i, "ENOENT"],
  [/permission denied|not permitted/i, "EACCES"],
  [/read-only file system/i, "EROFS"],
  [/is a directory/i, "EISDIR"],
  [/not a directory/i, "ENOTDIR"],
  [/no space left/i, "ENOSPC"],
];

/**
 * Files as the sandbox sees them. Every operation is a small program inside, so that a link which a command plants, even
 * between check and use, leads nowhere but into the sandbox.
 */
export function createSandboxFiles(sandbox: Sandbox): FileAccess {
  async function run(script: string, path: string, input?: string): Promise<Buffer> {
    const argv = ["/bin/sh", "-c", script, "sh", path, crypto.randomUUID().slice(0, 8), ...sandbox.roots];
    const inside = { argv, cwd: sandbox.workdir, env: { LC_ALL: "C" } };
    const result = await runHost(sandbox.wrap(inside), input === undefined ? {} : { input });
    if (result.code === 0) return result.stdout;
    const code = CODES.find(([pattern]) => pattern.test(result.stderr))?.[1];
    throw Object.assign(
      new Error(result.stderr.trim() || `the sandbox ended with code ${result.code}`),
      code ? { code } : {},
    );
  }

  return {
    resolve: (path) => resolveInside(path, sandbox),
    async stat(path) {
      const [kind, size] = (await run(STAT, path)).toString().trim().split(/\s+/);
      return kind === "none" ? undefined : { kind: kind as FileInfo["kind"], size: Number(size ?? 0) };
    },
    read: (path) => run(READ, path),
    write: async (path, content) => void (await run(WRITE, path, content)),
    remove: async (path) => void (await run(REMOVE, path)),
  };
}

/**
 * Maps a path of the model to one inside: relative to the workspace, `~` as the workspace, a path of the host as its
 * place in a mount. Throws `PATH_INVALID` or `PATH_OUTSIDE_SANDBOX`.
 */
export function resolveInside(path: string, { workdir, mounts, roots }: Sandbox): string {
  const wanted = path.trim();
  if (wanted === "" || wanted.includes("\0")) {
    throw new OpenClawError({ code: "PATH_INVALID", message: "The path is empty or holds a NUL character." });
  }
  const home = wanted === "~" || wanted.startsWith("~/") ? `${workdir}${wanted.slice(1)}` : wanted;
  const absolute = posix.resolve(workdir, home);
  if (roots.some((root) => isWithin(absolute, root))) return absolute;
  const mount = mounts.find(({ host }) => isWithin(absolute, host));
  if (mount) return posix.join(mount.inside, posix.relative(mount.host, absolute));
  throw new OpenClawError({
    code: "PATH_OUTSIDE_SANDBOX",
    message: `${path} is outside the sandbox.`,
    hint: `Use a path under ${roots.join(", ")}.`,
  });
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith("/") ? directory : `${directory}/`);
}
