import { OpenClawError } from "@openclaw/core";
import {
  type ConfigIssue,
  type LoadedConfig,
  createSecretMatcher,
  mergePatchEdits,
  parseConfigText,
  planEdits,
  publishSchema,
  redactConfig,
  redactRaw,
  restoreSecrets,
  restoreSecretsRaw,
  writeConfigFile,
  writePlan,
} from "@openclaw/core/config";
import type { ConfigApplyParams, ConfigSetParams } from "@openclaw/protocol/schema";
import { invalidRequest } from "../server/rpc-error.ts";
import type { MethodHandler } from "../server/types.ts";
import type { ConfigEditor } from "./config-editor.ts";
import type { Configuration } from "./configuration.ts";
import { type RestartSentinel, writeSentinel } from "./restart-sentinel.ts";

export interface ConfigMethodsOptions {
  configuration: Configuration;
  editor: ConfigEditor;
  now(): number;
  /** Restarts the gateway in this process after `delayMs`. */
  restart(reason: string, delayMs: number): void;
}

const DEFAULT_DELAY_MS = 2_000;
const LONGEST_DELAY_MS = 60_000;
const DOCTOR_HINT = "Run: openclaw doctor";

/** `config.get`, `config.schema`, `config.set`, `config.patch`, `config.apply`. */
export function configMethods({
  configuration,
  editor,
  now,
  restart,
}: ConfigMethodsOptions): Map<string, MethodHandler> {
  const { paths, manifests, homedir, version } = configuration;
  const matcher = () => createSecretMatcher(manifests);

  /** A writer must have seen what it replaces. */
  function checkBase(loaded: LoadedConfig, baseHash: string | undefined): void {
    if (!loaded.exists) return;
    if (!baseHash) throw invalidRequest("config base hash required; re-run config.get and retry");
    if (baseHash !== loaded.hash) throw invalidRequest("config changed since last load; re-run config.get and retry");
  }

  function parse(raw: string): unknown {
    try {
      return parseConfigText(raw);
    } catch (error) {
      throw invalidRequest(`SyntaxError: JSON5: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Loads the new texts without writing them; what is wrong goes to the caller key by key. */
  async function rehearse(texts: ReadonlyMap<string, string>): Promise<LoadedConfig> {
    try {
      return await editor.rehearse(texts);
    } catch (error) {
      const issues = OpenClawError.is(error) ? (error.details?.issues as ConfigIssue[] | undefined) : undefined;
      if (!issues) throw error;
      throw invalidRequest("invalid config", { issues: issues.map(({ path, message }) => ({ path, message })) });
    }
  }

  async function replace(raw: string, baseHash: string | undefined): Promise<LoadedConfig> {
    const loaded = await configuration.read();
    checkBase(loaded, baseHash);
    parse(raw);
    const text = restored(() => restoreSecretsRaw(raw, loaded.raw));
    const next = await rehearse(new Map([[paths.configPath, text]]));
    writeConfigFile({ path: paths.configPath, text, baseHash: loaded.hash });
    return next;
  }

  async function patch(raw: string, baseHash: string | undefined): Promise<LoadedConfig> {
    const loaded = await configuration.read();
    checkBase(loaded, baseHash);
    const given = parse(raw);
    if (typeof given !== "object" || given === null || Array.isArray(given))
      throw invalidRequest("config.patch raw must be an object");
    const change = restored(() => restoreSecrets(given, loaded.authored));
    const plan = planEdits(loaded, mergePatchEdits(loaded.authored, change), {
      homedir,
      stamp: { version, now: now() },
    });
    const next = await rehearse(new Map(plan.map(({ path, text }) => [path, text])));
    writePlan(plan);
    return next;
  }

  async function restarting(mode: "config.patch" | "config.apply", params: ConfigApplyParams, next: LoadedConfig) {
    const delayMs = Math.min(params.restartDelayMs ?? DEFAULT_DELAY_MS, LONGEST_DELAY_MS);
    const payload: RestartSentinel = {
      kind: "config-apply",
      status: "ok",
      ts: now(),
      ...(params.sessionKey ? { sessionKey: params.sessionKey } : {}),
      message: params.note ?? null,
      doctorHint: DOCTOR_HINT,
      stats: { mode, root: paths.stateDir },
    };
    writeSentinel(paths.restartSentinelPath, payload);
    restart(mode, delayMs);
    return {
      ok: true,
      path: paths.configPath,
      config: redactConfig(next.authored, await matcher()),
      restart: { ok: true, pid: process.pid, signal: "SIGUSR1", delayMs, reason: mode, mode: "emit" },
      sentinel: { path: paths.restartSentinelPath, payload },
    };
  }

  return new Map<string, MethodHandler>([
    ["config.get", async () => snapshot(await configuration.read(), await matcher())],
    [
      "config.schema",
      async () => ({ ...(await publishSchema(manifests, { version })), generatedAt: new Date(now()).toISOString() }),
    ],
    [
      "config.set",
      async ({ raw, baseHash }: ConfigSetParams) => {
        const next = await replace(raw, baseHash);
        return { ok: true, path: paths.configPath, config: redactConfig(next.authored, await matcher()) };
      },
    ],
    [
      "config.patch",
      async (params: ConfigApplyParams) => restarting("config.patch", params, await patch(params.raw, params.baseHash)),
    ],
    [
      "config.apply",
      async (params: ConfigApplyParams) =>
        restarting("config.apply", params, await replace(params.raw, params.baseHash)),
    ],
  ]);
}

type Matcher = Awaited<ReturnType<typeof createSecretMatcher>>;

/** `config.get`: what the file says, secrets masked. Positions are for people: file, line and column of each issue. */
export function snapshot(loaded: LoadedConfig, isSecret: Matcher): Record<string, unknown> {
  const { path, exists, raw, parsed, authored, valid, hash, issues, warnings, rewrites } = loaded;
  return {
    path,
    exists,
    raw: redactRaw(raw, isSecret),
    parsed: redactConfig(parsed ?? {}, isSecret),
    valid,
    config: redactConfig(authored, isSecret),
    hash,
    issues: issues.map((issue) => ({ ...issue })),
    warnings: warnings.map((issue) => ({ ...issue })),
    legacyIssues: rewrites.map(({ from, message }) => ({ path: from, message })),
  };
}

/** A sentinel without a secret behind it is the caller's mistake. */
function restored<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (OpenClawError.is(error)) throw invalidRequest(error.message);
    throw error;
  }
}
