import { createHash } from "node:crypto";
import { isAbsolute, join, resolve } from "node:path";
import { OpenClawError } from "../error.ts";

/** Port of the gateway, and of the gateway under `--dev`. Everything else is derived from it. */
export const DEFAULT_GATEWAY_PORT = 18789;
export const DEV_GATEWAY_PORT = 19001;

export interface PathOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Home directory that a leading `~` stands for. */
  homedir: string;
  /** Value of `--profile`. Wins over `OPENCLAW_PROFILE`. */
  profile?: string;
  /** Value of `--dev`: profile `dev` on port 19001. */
  dev?: boolean;
  /** Directory for the gateway's lock. */
  tmpdir: string;
  /** Numeric user id that keeps two users' locks apart; absent on Windows. */
  uid?: number;
}

/** Where one installation keeps everything. All absolute. */
export interface Paths {
  /** Profile in use; undefined for the default one. */
  profile?: string;
  /** Port when neither flag, variable nor configuration names one. */
  defaultPort: number;
  stateDir: string;
  configPath: string;
  /** Fallback variables, read after the process's and the working directory's `.env`. */
  envFile: string;
  /** Rolling log files: `/tmp/openclaw` (`/tmp/openclaw-<profile>` for a profile), or `logs` in an overridden state directory. */
  logDir: string;
  /** Logs that always belong to the state (commands, traces). */
  stateLogDir: string;
  lockDir: string;
  /** Held by the running gateway; named after the configuration path. */
  lockPath: string;
  /** Workspace of the default agent when the configuration names none. */
  workspace: string;
  credentialsDir: string;
  execApprovalsPath: string;
  execApprovalsSocket: string;
  identityDir: string;
  devicesDir: string;
  nodesDir: string;
  cronDir: string;
  mediaDir: string;
  memoryDir: string;
  sandboxesDir: string;
  canvasDir: string;
  skillsDir: string;
  hooksDir: string;
  extensionsDir: string;
  settingsDir: string;
  dnsDir: string;
  tlsDir: string;
  restartSentinelPath: string;
  updateCheckPath: string;
  /** Inbox, outbox, ledgers. */
  databasePath: string;
  lastKnownGoodDir: string;
  agentDir(agentId: string): string;
  sessionsDir(agentId: string): string;
  /** Default workspace of an agent other than the default one. */
  agentWorkspace(agentId: string): string;
  /** Makes a path from the configuration absolute: `~`, then the state directory as base of relative paths. */
  expand(path: string): string;
}

/**
 * Resolves every path from the environment and nothing else.
 *
 * `OPENCLAW_STATE_DIR` moves everything, `OPENCLAW_CONFIG_PATH` only the file. A profile's state is `~/.openclaw-<profile>`.
 * Once the state directory is overridden, nothing is read from or written to the home directory or `/tmp/openclaw`.
 *
 * Fails with `PROFILE_INVALID` when the profile is not a plain name.
 */
export function resolvePaths({ env, homedir, profile, dev = false, tmpdir, uid }: PathOptions): Paths {
  const name = profileName(profile ?? (dev ? "dev" : undefined) ?? nonEmpty(env.OPENCLAW_PROFILE));
  const tilde = (path: string) => expandHome(path, homedir);
  const override = nonEmpty(env.OPENCLAW_STATE_DIR);
  const stateDir = override ? resolve(tilde(override)) : join(homedir, name ? `.openclaw-${name}` : ".openclaw");
  const configOverride = nonEmpty(env.OPENCLAW_CONFIG_PATH);
  const configPath = configOverride ? resolve(tilde(configOverride)) : join(stateDir, "openclaw.json");
  const oauth = nonEmpty(env.OPENCLAW_OAUTH_DIR);
  const mainAgentDir = nonEmpty(env.OPENCLAW_AGENT_DIR) ?? nonEmpty(env.PI_CODING_AGENT_DIR);
  const lockDir = join(tmpdir, uid === undefined ? "openclaw" : `openclaw-${uid}`);
  const inState = (...parts: string[]) => join(stateDir, ...parts);
  return {
    ...(name && { profile: name }),
    defaultPort: name === "dev" ? DEV_GATEWAY_PORT : DEFAULT_GATEWAY_PORT,
    stateDir,
    configPath,
    envFile: inState(".env"),
    logDir: override ? inState("logs") : join("/tmp", name ? `openclaw-${name}` : "openclaw"),
    stateLogDir: inState("logs"),
    lockDir,
    lockPath: join(lockDir, `gateway.${createHash("sha1").update(configPath).digest("hex").slice(0, 8)}.lock`),
    workspace: inState("workspace"),
    credentialsDir: oauth ? resolve(tilde(oauth)) : inState("credentials"),
    execApprovalsPath: inState("exec-approvals.json"),
    execApprovalsSocket: inState("exec-approvals.sock"),
    identityDir: inState("identity"),
    devicesDir: inState("devices"),
    nodesDir: inState("nodes"),
    cronDir: inState("cron"),
    mediaDir: inState("media"),
    memoryDir: inState("memory"),
    sandboxesDir: inState("sandboxes"),
    canvasDir: inState("canvas"),
    skillsDir: inState("skills"),
    hooksDir: inState("hooks"),
    extensionsDir: inState("extensions"),
    settingsDir: inState("settings"),
    dnsDir: inState("dns"),
    tlsDir: inState("tls"),
    restartSentinelPath: inState("restart-sentinel.json"),
    updateCheckPath: inState("update-check.json"),
    databasePath: inState("openclaw.sqlite"),
    lastKnownGoodDir: inState("last-known-good"),
    agentDir: (agentId) =>
      mainAgentDir && agentId === "main" ? resolve(tilde(mainAgentDir)) : inState("agents", agentId, "agent"),
    sessionsDir: (agentId) => inState("agents", agentId, "sessions"),
    agentWorkspace: (agentId) => (agentId === "main" ? inState("workspace") : inState(`workspace-${agentId}`)),
    expand(path) {
      const expanded = tilde(path);
      return isAbsolute(expanded) ? expanded : resolve(stateDir, expanded);
    },
  };
}

/** Replaces a leading `~` or `~/`. `~other` stays as it is. */
export function expandHome(path: string, homedir: string): string {
  if (path === "~") return homedir;
  return path.startsWith("~/") || path.startsWith("~\\") ? join(homedir, path.slice(2)) : path;
}

function profileName(profile: string | undefined): string | undefined {
  if (profile === undefined || profile === "default") return undefined;
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(profile)) return profile;
  throw new OpenClawError({
    code: "PROFILE_INVALID",
    message: `--profile ${JSON.stringify(profile)} is not a profile name.`,
    hint: "Use letters, digits, - and _, beginning with a letter or digit.",
  });
}

function nonEmpty(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed ? trimmed : undefined;
}
