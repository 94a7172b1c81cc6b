import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import type { OpenClawConfig } from "@openclaw/core/config";
import { DEFAULT_COOLDOWNS, type CooldownPolicy } from "./auth/cooldown.ts";
import type { CliBackend } from "./models/cli-backend/cli-backend.ts";

/** `allow`/`deny` hold tool names, `group:*` and `*` wildcards. */
export interface ToolRules {
  profile?: string;
  allow?: string[];
  alsoAllow?: string[];
  deny?: string[];
  byProvider?: Record<string, ToolRules>;
}

interface ExecSettings {
  host?: string;
  security?: string;
  ask?: string;
  backgroundMs?: number;
  timeoutSec?: number;
  cleanupMs?: number;
}

/** `tools.web.fetch`. */
interface WebFetchSettings {
  enabled?: boolean;
  maxChars?: number;
  timeoutSeconds?: number;
  cacheTtlMinutes?: number;
  userAgent?: string;
  readability?: boolean;
}

/** One model of `models.providers.<id>.models[]`, as written by the user. */
export interface ConfiguredModel {
  id: string;
  name?: string;
  api?: string;
  reasoning?: boolean;
  input?: string[];
  cost?: Partial<Record<"input" | "output" | "cacheRead" | "cacheWrite", number>>;
  contextWindow?: number;
  maxTokens?: number;
  compat?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/** One entry of `models.providers`, and of `models.json`. */
export interface ConfiguredProvider {
  enabled?: boolean;
  baseUrl?: string;
  apiKey?: string;
  api?: string;
  headers?: Record<string, string>;
  authHeader?: boolean;
  /** How requests are signed, when that is not a key: `aws-sdk`. */
  auth?: string;
  models?: ConfiguredModel[];
}

/** `auth.cooldowns`, in hours. */
interface CooldownSettings {
  billingBackoffHours?: number;
  billingBackoffHoursByProvider?: Record<string, number>;
  billingMaxHours?: number;
  failureWindowHours?: number;
}

interface ModelChoice {
  primary?: string;
  /** Undefined: nothing said at this level. Empty: fallbacks are switched off. */
  fallbacks?: string[];
}

interface AgentEntry {
  id?: string;
  name?: string;
  workspace?: string;
  agentDir?: string;
  model?: string | ModelChoice;
  identity?: { name?: string; theme?: string; emoji?: string; avatar?: string };
  tools?: ToolRules & { exec?: ExecSettings };
  sandbox?: { mode?: string };
}

interface AgentDefaults {
  workspace?: string;
  repoRoot?: string;
  skipBootstrap?: boolean;
  bootstrapMaxChars?: number;
  userTimezone?: string;
  timeFormat?: string | number;
  model?: string | ModelChoice;
  models?: Record<string, { alias?: string; params?: Record<string, unknown> } | undefined>;
  imageModel?: string | ModelChoice;
  cliBackends?: Record<string, CliBackend | undefined>;
  thinkingDefault?: string;
  timeoutSeconds?: number;
  sandbox?: { mode?: string };
}

/** The part of the configuration this package acts on. Everything is optional: an empty configuration is valid. */
interface KnownConfig {
  agents?: { defaults?: AgentDefaults; list?: AgentEntry[] };
  models?: { mode?: string; providers?: Record<string, ConfiguredProvider> };
  tools?: ToolRules & { exec?: ExecSettings; web?: { fetch?: WebFetchSettings } };
  auth?: {
    order?: Record<string, string[]>;
    profiles?: Record<string, { provider: string }>;
    cooldowns?: CooldownSettings;
  };
  session?: { mainKey?: string };
}

/** What one agent's configuration amounts to, defaults applied. */
export interface AgentSettings {
  workspace: string;
  repoRoot?: string;
  skipBootstrap: boolean;
  bootstrapMaxChars: number;
  userTimezone: string;
  timeFormat: "auto" | "12" | "24";
  primary?: string;
  fallbacks: string[];
  /** `agents.defaults.models`: the allowlist when it has any entry. */
  models: Record<string, { alias?: string; params?: Record<string, unknown> }>;
  thinkingDefault?: string;
  timeoutMs: number;
  providers: Record<string, ConfiguredProvider>;
  providersMode: "merge" | "replace";
  authOrder: Record<string, string[]>;
  /** `auth.profiles`: metadata without secrets. */
  authProfiles: Record<string, { provider: string }>;
  cooldowns: CooldownPolicy;
  /** `agents.list[].agentDir`, `~` replaced. */
  agentDir?: string;
  /** Programs that answer as models, by the provider they stand for. */
  cliBackends: Record<string, CliBackend>;
  tools: ToolRules;
  agentTools: ToolRules;
  exec: { backgroundMs: number; timeoutSec: number; cleanupMs: number };
  /** The agent's own over the global ones. */
  execAccess: Pick<ExecSettings, "host" | "security" | "ask">;
  sandboxMode?: string;
  /** Keys of the session that counts as the owner's own. */
  mainSessionKeys: string[];
  /** Takes over when the model takes no images and the message has some. */
  imageModel?: string;
  /** Tried after it, before the text models. */
  imageFallbacks: string[];
  webFetch: WebFetchSettings;
  identity: { name?: string; theme?: string; emoji?: string; avatar?: string };
}

export interface SettingsInput {
  agentId: string;
  config: OpenClawConfig;
  stateDir: string;
  env: Readonly<Record<string, string | undefined>>;
}

const DEFAULT_TIMEOUT_SECONDS = 600;
/** `timeoutSeconds: 0` means "no limit"; timers need one, and thirty days is the documented stand-in. */
const UNLIMITED_MS = 30 * 24 * 3600 * 1000;

const TIME_FORMATS = ["12", "24"] as const;

/** Reads the settings of one agent. Pure; a wrong type in the configuration has been refused before it comes here. */
export function readSettings({ agentId, config, stateDir, env }: SettingsInput): AgentSettings {
  const known: KnownConfig = config;
  const defaults = known.agents?.defaults ?? {};
  const own = known.agents?.list?.find((item) => item.id?.toLowerCase() === agentId) ?? {};
  const base = modelChoice(defaults.model);
  const ownModel = modelChoice(own.model);
  const seconds = defaults.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  return {
    workspace: workspaceDir(agentId, own.workspace, defaults.workspace, stateDir, env),
    ...(defaults.repoRoot ? { repoRoot: expandHome(defaults.repoRoot, env) } : {}),
    skipBootstrap: defaults.skipBootstrap ?? false,
    bootstrapMaxChars: defaults.bootstrapMaxChars ?? 20_000,
    userTimezone: validTimezone(defaults.userTimezone) ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    timeFormat: TIME_FORMATS.find((format) => format === String(defaults.timeFormat)) ?? "auto",
    primary: ownModel.primary ?? base.primary,
    fallbacks: ownModel.fallbacks ?? base.fallbacks ?? [],
    models: Object.fromEntries(Object.entries(defaults.models ?? {}).map(([ref, value]) => [ref, value ?? {}])),
    ...(defaults.thinkingDefault ? { thinkingDefault: defaults.thinkingDefault } : {}),
    timeoutMs: seconds > 0 ? seconds * 1000 : UNLIMITED_MS,
    providers: Object.fromEntries(
      Object.entries(known.models?.providers ?? {}).filter(([, entry]) => entry.enabled !== false),
    ),
    providersMode: known.models?.mode === "replace" ? "replace" : "merge",
    authOrder: known.auth?.order ?? {},
    authProfiles: known.auth?.profiles ?? {},
    cooldowns: cooldownPolicy(known.auth?.cooldowns),
    ...(own.agentDir ? { agentDir: expandHome(own.agentDir, env) } : {}),
    cliBackends: Object.fromEntries(
      Object.entries(defaults.cliBackends ?? {}).map(([name, backend]) => [name, backend ?? {}]),
    ),
    tools: known.tools ?? {},
    agentTools: own.tools ?? {},
    exec: {
      backgroundMs: known.tools?.exec?.backgroundMs ?? 10_000,
      timeoutSec: known.tools?.exec?.timeoutSec ?? 1800,
      cleanupMs: known.tools?.exec?.cleanupMs ?? 1_800_000,
    },
    execAccess: { ...pickAccess(known.tools?.exec), ...pickAccess(own.tools?.exec) },
    sandboxMode: own.sandbox?.mode ?? defaults.sandbox?.mode,
    mainSessionKeys: ["main", known.session?.mainKey ?? "main"].map((key) => `agent:${agentId}:${key.toLowerCase()}`),
    imageModel: modelChoice(defaults.imageModel).primary,
    imageFallbacks: modelChoice(defaults.imageModel).fallbacks ?? [],
    webFetch: known.tools?.web?.fetch ?? {},
    identity: { ...(own.name ? { name: own.name } : {}), ...own.identity },
  };
}

/** `~` and `~/x` under the home that `env` names. Other paths come back unchanged. */
export function expandHome(path: string, env: Readonly<Record<string, string | undefined>>): string {
  if (path !== "~" && !path.startsWith("~/")) return path;
  return join(env["HOME"] || homedir(), path.slice(1));
}

function pickAccess(exec: ExecSettings | undefined): Pick<ExecSettings, "host" | "security" | "ask"> {
  const { host, security, ask } = exec ?? {};
  return { ...(host ? { host } : {}), ...(security ? { security } : {}), ...(ask ? { ask } : {}) };
}

function cooldownPolicy(hours: CooldownSettings = {}): CooldownPolicy {
  const ms = (value: number | undefined, other: number) => (value === undefined ? other : value * 3_600_000);
  const byProvider = Object.entries(hours.billingBackoffHoursByProvider ?? {});
  return {
    billingMs: ms(hours.billingBackoffHours, DEFAULT_COOLDOWNS.billingMs),
    billingMsByProvider: Object.fromEntries(byProvider.map(([id, value]) => [id, value * 3_600_000])),
    billingMaxMs: ms(hours.billingMaxHours, DEFAULT_COOLDOWNS.billingMaxMs),
    failureWindowMs: ms(hours.failureWindowHours, DEFAULT_COOLDOWNS.failureWindowMs),
  };
}

function modelChoice(value: string | ModelChoice | undefined): ModelChoice {
  return typeof value === "string" ? { primary: value } : (value ?? {});
}

function workspaceDir(
  agentId: string,
  own: string | undefined,
  shared: string | undefined,
  stateDir: string,
  env: SettingsInput["env"],
): string {
  const configured = own ?? (agentId === "main" ? shared : undefined);
  if (configured) {
    const path = expandHome(configured, env);
    return isAbsolute(path) ? path : resolve(stateDir, path);
  }
  return join(stateDir, agentId === "main" ? "workspace" : `workspace-${agentId}`);
}

function validTimezone(zone: string | undefined): string | undefined {
  if (!zone) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
