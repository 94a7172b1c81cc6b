import { join } from "node:path";
import type { OpenClawConfig } from "@openclaw/core/config";
import type { Paths } from "@openclaw/core/paths";

/** An agent's `sessions.json`: `session.store` with `{agentId}` filled in, else the one in the agent's own directory. */
export function sessionStorePath(agentId: string, { session }: OpenClawConfig, paths: Paths): string {
  return session?.store
    ? paths.expand(session.store.replaceAll("{agentId}", agentId))
    : join(paths.sessionsDir(agentId), "sessions.json");
}
