import { join } from "node:path";
import { parseEnv } from "node:util";
import { getAt, isPlain } from "../path.ts";
import type { ReadFile } from "./document.ts";
import { type Environment, type LoginShell, runLoginShell } from "./shell-env.ts";
import { substitute } from "./substitute.ts";

export interface EnvironmentOptions {
  /** The process's own variables: nothing overrides them. */
  env: Environment;
  cwd: string;
  /** `.env` in the state directory. */
  envFile: string;
  readFile: ReadFile;
}

/** Process variables, completed from `.env` in the working directory, then from `.env` in the state directory. */
export function withDotenv({ env, cwd, envFile, readFile }: EnvironmentOptions): {
  env: Record<string, string>;
  warnings: string[];
} {
  const result = present(env);
  const warnings: string[] = [];
  for (const file of new Set([join(cwd, ".env"), envFile])) {
    try {
      complete(result, parseEnv(readFile(file)));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== "ENOENT" && code !== "ENOTDIR")
        warnings.push(`${file} was not read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { env: result, warnings };
}

/** Adds what the configuration's `env` section sets, itself with `${NAME}` of the environment so far. */
export function withConfigEnv(env: Record<string, string>, config: unknown): Record<string, string> {
  const section = getAt(config, ["env"]);
  if (!isPlain(section)) return env;
  const { vars, shellEnv: _shellEnv, ...direct } = section;
  const result = { ...env };
  for (const values of [vars, direct])
    complete(
      result,
      substitute(values, result, () => {}),
    );
  return result;
}

export interface ShellEnvOptions {
  config: unknown;
  /** Variables worth having; the shell runs only when none of them is set. */
  expected: Iterable<string>;
  shell?: LoginShell;
}

/** Adds expected variables from the login shell, when the configuration or `OPENCLAW_LOAD_SHELL_ENV` asks for it. */
export async function withShellEnv(
  env: Record<string, string>,
  { config, expected, shell = runLoginShell }: ShellEnvOptions,
): Promise<{ env: Record<string, string>; warnings: string[] }> {
  const section = getAt(config, ["env", "shellEnv"]);
  const wanted = isPlain(section) && section.enabled === true;
  if (!wanted && !/^(1|true|yes|on)$/i.test(env.OPENCLAW_LOAD_SHELL_ENV ?? "")) return { env, warnings: [] };
  const names = [...expected];
  if (names.some((name) => env[name])) return { env, warnings: [] };
  const configured = isPlain(section) && typeof section.timeoutMs === "number" ? section.timeoutMs : undefined;
  const timeoutMs = configured ?? (Number(env.OPENCLAW_SHELL_ENV_TIMEOUT_MS) || 15_000);
  try {
    const found = await shell({ env, timeoutMs });
    const result = { ...env };
    for (const name of names) {
      const value = found[name];
      if (value && !result[name]) result[name] = value;
    }
    return { env: result, warnings: [] };
  } catch (error) {
    return {
      env,
      warnings: [`The login shell gave no variables: ${error instanceof Error ? error.message : String(error)}`],
    };
  }
}

function present(env: Environment): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function complete(target: Record<string, string>, values: unknown): void {
  if (!isPlain(values)) return;
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "string" && !Object.hasOwn(target, name)) target[name] = value;
  }
}
