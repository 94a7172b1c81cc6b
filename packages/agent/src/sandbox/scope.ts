import { createHash } from "node:crypto";
import { join } from "node:path";
import type { SandboxMount, SandboxSettings } from "./types.ts";

/** Names are at most this long: what Docker and DNS take. */
const MAX_NAME = 63;

export function scopeKeyOf(scope: SandboxSettings["scope"], agentId: string, sessionKey: string): string {
  if (scope === "shared") return "shared";
  return scope === "agent" ? `agent:${agentId}` : sessionKey;
}

/** At most 32 characters of the key that a file name may hold, and 8 of its hash: two keys never share a directory. */
export function scopeSlug(scopeKey: string): string {
  const readable = scopeKey
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .slice(0, 32);
  const hash = createHash("sha1").update(scopeKey).digest("hex").slice(0, 8);
  return `${readable}-${hash}`;
}

/** The hash at the end survives a long prefix. */
export function containerName(prefix: string, scopeKey: string): string {
  const slug = scopeSlug(scopeKey);
  return `${prefix.slice(0, MAX_NAME - slug.length)}${slug}`;
}

/** The workspace first, then the agent's (`ro`). Binds are not among them: they are passed on as written. */
export function sandboxMounts(
  settings: SandboxSettings,
  scopeKey: string,
  agentWorkspace: string,
): [SandboxMount, ...SandboxMount[]] {
  const inside = settings.container.workdir;
  if (settings.workspaceAccess === "rw") return [{ host: agentWorkspace, inside, writable: true }];
  const own = { host: join(settings.root, scopeSlug(scopeKey)), inside, writable: true };
  return settings.workspaceAccess === "ro" ? [own, { host: agentWorkspace, inside: "/agent", writable: false }] : [own];
}
