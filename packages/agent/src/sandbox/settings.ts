import { join, isAbsolute, resolve } from "node:path";
import type { OpenClawConfig } from "@openclaw/core/config";
import { expandHome } from "../settings.ts";
import type { ContainerSettings, SandboxSettings } from "./types.ts";

type Written = Partial<Omit<SandboxSettings, "container" | "prune" | "root">> & {
  workspaceRoot?: string;
  docker?: Partial<ContainerSettings>;
  prune?: Partial<SandboxSettings["prune"]>;
};

const CONTAINER: ContainerSettings = {
  image: "openclaw-sandbox:bookworm-slim",
  containerPrefix: "openclaw-sbx-",
  workdir: "/workspace",
  readOnlyRoot: true,
  tmpfs: ["/tmp", "/var/tmp", "/run"],
  network: "none",
  capDrop: ["ALL"],
  env: {},
  ulimits: {},
  dns: [],
  extraHosts: [],
  binds: [],
};

export interface SandboxSettingsInput {
  agentId: string;
  config: OpenClawConfig;
  stateDir: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** The agent's `sandbox` over `agents.defaults.sandbox`; binds are joined, and a shared sandbox knows no agent's own. */
export function readSandboxSettings({ agentId, config, stateDir, env }: SandboxSettingsInput): SandboxSettings {
  const base = (config.agents?.defaults?.sandbox ?? {}) as Written;
  const own = (config.agents?.list?.find((item) => item.id.toLowerCase() === agentId)?.sandbox ?? {}) as Written;
  const scope = own.scope ?? base.scope ?? "agent";
  const agent: Written = scope === "shared" ? {} : own;
  const root = own.workspaceRoot ?? base.workspaceRoot;
  const expanded = root && expandHome(root, env);
  return {
    mode: own.mode ?? base.mode ?? "off",
    scope,
    workspaceAccess: own.workspaceAccess ?? base.workspaceAccess ?? "none",
    root: expanded ? (isAbsolute(expanded) ? expanded : resolve(stateDir, expanded)) : join(stateDir, "sandboxes"),
    backend: own.backend ?? base.backend ?? "auto",
    container: {
      ...CONTAINER,
      ...base.docker,
      ...agent.docker,
      env: { ...base.docker?.env, ...agent.docker?.env },
      ulimits: { ...base.docker?.ulimits, ...agent.docker?.ulimits },
      binds: [...(base.docker?.binds ?? []), ...(agent.docker?.binds ?? [])].map((bind) => expandHome(bind, env)),
    },
    prune: { idleHours: 24, maxAgeDays: 7, ...base.prune, ...agent.prune },
  };
}

/** Whether a session runs in the sandbox: `non-main` spares the owner's own sessions. */
export function isSandboxed(
  mode: SandboxSettings["mode"],
  sessionKey: string,
  mainSessionKeys: readonly string[],
): boolean {
  return mode === "all" || (mode === "non-main" && !mainSessionKeys.includes(sessionKey));
}
