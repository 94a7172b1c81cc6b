import { basename } from "node:path";
import type { Program } from "./resolve-program.ts";

/**
 * Programs that run what they are given. `allow-always` would open everything with one of them, and so would a wildcard
 * that happens to match: they count only when an allowlist names them.
 */
const RUNNERS = new Set(
  (
    "sh bash dash zsh fish ksh csh tcsh ash busybox env sudo su doas pkexec nohup nice ionice timeout time stdbuf setsid " +
    "setpriv chroot unshare nsenter bwrap flatpak-spawn systemd-run xargs parallel find fd watch script expect ssh tmux " +
    "screen at batch crontab make ninja awk gawk mawk nawk sed perl ruby lua php python node nodejs deno bun tsx " +
    "npx npm pnpm yarn pip pipx uv uvx cargo go java gdb strace ltrace ld.so vim vi view ex nano emacs less more man git " +
    "docker podman kubectl tar rsync zip scp eval exec command builtin"
  ).split(" "),
);

/** Version numbers at the end belong to the name: python3.12, perl5.36, lua5.4. */
export function runsOtherPrograms(path: string): boolean {
  const name = basename(path).toLowerCase();
  return RUNNERS.has(name) || RUNNERS.has(name.replace(/[-.\d]+$/, "")) || name.startsWith("ld-linux");
}

/** The entry whose glob matches one of the program's spellings. Patterns without a separator never do. */
export function findEntry<Entry extends { pattern: string }>(
  program: Program,
  allowlist: readonly Entry[],
  home: string,
): Entry | undefined {
  const runner = runsOtherPrograms(program.path);
  return allowlist.find(({ pattern }) => {
    const wanted = pattern.trim();
    if (!/[/\\]/.test(wanted)) return false;
    if (runner && /[*?]/.test(wanted)) return false;
    const expression = globExpression(wanted.startsWith("~/") ? `${home}${wanted.slice(1)}` : wanted);
    return program.spellings.some((spelling) => expression.test(spelling));
  });
}

/** `*` and `?` stop at a separator, `**` does not. Letter case does not matter. */
export function globExpression(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/?|\*|\?)/).map((part) => {
    if (part === "**" || part === "**/") return part === "**" ? ".*" : "(?:.*/)?";
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    return part.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join("")}$`, "i");
}
