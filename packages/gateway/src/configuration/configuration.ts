import { type Clock, type Log, OpenClawError } from "@openclaw/core";
import {
  type ConfigIssue,
  type ConfigManifest,
  type LoadedConfig,
  type OpenClawConfig,
  createLastKnownGood,
  formatIssue,
  loadConfig,
} from "@openclaw/core/config";
import type { Paths } from "@openclaw/core/paths";
import { watchFiles } from "./watch-files.ts";

export interface ConfigurationOptions {
  paths: Paths;
  /** The process's variables. */
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  homedir: string;
  manifests: readonly ConfigManifest[];
  clock: Clock;
  log: Log;
  version: string;
}

/** Why the gateway does not run with what the file says. */
export interface Degraded {
  /** Epoch ms. */
  since: number;
  file: string;
  /** Sentences, each with file, line, column and key where it has one. */
  problems: string[];
  /** When the configuration in force was stored, ISO 8601. */
  lastKnownGoodAt?: string;
}

export interface Configuration {
  readonly paths: Paths;
  readonly manifests: readonly ConfigManifest[];
  readonly homedir: string;
  readonly version: string;
  /** In force, defaults applied. */
  current(): OpenClawConfig;
  /** Variables with `.env` files and the configuration's own. */
  env(): Readonly<Record<string, string>>;
  /** What the file says now, valid or not. */
  read(): Promise<LoadedConfig>;
  degraded(): Degraded | undefined;
  /** The gateway is healthy with what is in force: keep it for the day the file is broken. */
  markGood(): void;
  /**
   * The gateway could not start with what is in force. Goes back to the last known good one; false when there is none
   * or it is the same.
   */
  fallBack(why: unknown): Promise<boolean>;
  /** Starts watching. `changed` gets each new valid configuration that differs; it decides what to do with it. */
  watch(changed: (next: LoadedConfig) => void): void;
  /** Puts a configuration in force. */
  use(next: LoadedConfig): void;
  /** Reads the file at once, as the watcher would after its quiet time. */
  refresh(): Promise<void>;
  close(): void;
}

const DEFAULT_DEBOUNCE_MS = 300;

/**
 * Opens the configuration for a gateway: the file when it is valid, else the last one a healthy gateway ran with, said
 * clearly. Fails with `CONFIG_INVALID` and every problem when there is neither.
 */
export async function openConfiguration(options: ConfigurationOptions): Promise<Configuration> {
  const { paths, clock, log, manifests } = options;
  const lastKnownGood = createLastKnownGood(paths.lastKnownGoodDir);
  const loadOptions = { env: options.env, cwd: options.cwd, homedir: options.homedir, manifests, paths };
  const read = () => loadConfig({ ...loadOptions, configPath: paths.configPath });

  let degraded: Degraded | undefined;
  /** What was last read from the file, valid or not: the same text is not reported twice. */
  let seen = await read();
  let inForce = seen;
  if (!seen.valid) {
    const stored = await loadLastKnownGood();
    if (!stored) throw invalid(seen);
    inForce = stored.loaded;
    degrade(seen.issues.map(formatIssue), stored.savedAt);
  }

  async function loadLastKnownGood(): Promise<{ loaded: LoadedConfig; savedAt: string } | undefined> {
    const stored = await lastKnownGood.load({ ...loadOptions, configPath: paths.configPath });
    return stored?.loaded.valid ? { loaded: stored.loaded, savedAt: stored.snapshot.savedAt } : undefined;
  }

  function degrade(problems: string[], lastKnownGoodAt?: string): void {
    degraded = {
      since: clock.now(),
      file: paths.configPath,
      problems,
      ...(lastKnownGoodAt ? { lastKnownGoodAt } : {}),
    };
    log.error(
      `running with the last good configuration, because ${paths.configPath} cannot be used:\n${problems.map((line) => `  ${line}`).join("\n")}`,
    );
  }

  let listener: ((next: LoadedConfig) => void) | undefined;
  const watcher = watchFiles({
    clock,
    debounceMs: () => inForce.config.gateway?.reload?.debounceMs ?? DEFAULT_DEBOUNCE_MS,
    changed: () =>
      void refresh().catch((error: unknown) => log.error(`the configuration could not be read: ${String(error)}`)),
  });

  async function refresh(): Promise<void> {
    const next = await read();
    if (sameTexts(next, seen)) return;
    seen = next;
    watcher.files([paths.configPath, ...next.includes]);
    if (!next.valid) {
      degrade(next.issues.map(formatIssue));
      return;
    }
    if (degraded) log.info(`${paths.configPath} can be used again`);
    degraded = undefined;
    if (listener) listener(next);
    else inForce = next;
  }

  return {
    paths,
    manifests,
    homedir: options.homedir,
    version: options.version,
    current: () => inForce.config,
    env: () => inForce.env,
    read,
    degraded: () => degraded,
    markGood() {
      if (degraded || !inForce.exists) return;
      lastKnownGood.save(inForce, { now: clock.now(), programVersion: options.version });
    },
    async fallBack(why) {
      const stored = await loadLastKnownGood();
      if (!stored || sameTexts(stored.loaded, inForce)) return false;
      inForce = stored.loaded;
      const message = why instanceof Error ? why.message : String(why);
      degrade([`the gateway does not start with it: ${message}`], stored.savedAt);
      return true;
    },
    watch(changed) {
      listener = changed;
      watcher.files([paths.configPath, ...seen.includes]);
    },
    use(next) {
      inForce = next;
    },
    refresh,
    close() {
      watcher.close();
    },
  };
}

function invalid(loaded: LoadedConfig): OpenClawError {
  return new OpenClawError({
    code: "CONFIG_INVALID",
    message: `The configuration cannot be used:\n${loaded.issues.map((issue) => `  ${formatIssue(issue)}`).join("\n")}`,
    hint: "Mend the file and check it with `openclaw config validate`. Nothing was changed.",
    details: { issues: loaded.issues satisfies ConfigIssue[] },
  });
}

/** The file and everything it includes say the same. */
function sameTexts(one: LoadedConfig, other: LoadedConfig): boolean {
  return (
    one.exists === other.exists &&
    one.files.length === other.files.length &&
    one.files.every(({ path, text }, index) => other.files[index]?.path === path && other.files[index]?.text === text)
  );
}
