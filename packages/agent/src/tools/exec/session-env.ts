import { delimiter } from "node:path";
import type { RunEnv } from "../../skills/skill-library.ts";
import { childEnv } from "./child-env.ts";

/**
 * Environment of a command in a session: the process's without the gateway's keys, what the session's skills add, what
 * the call sets. Throws `EXEC_ENV_REFUSED` as `childEnv` does.
 */
export function sessionEnv(
  base: Readonly<Record<string, string | undefined>>,
  { variables, path }: RunEnv = { variables: {}, path: [] },
  call: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const env = childEnv(base, { ...variables, ...call });
  // At the end, so that no skill's program takes the place of another.
  if (path.length > 0) env["PATH"] = [env["PATH"] ?? "", ...path].filter(Boolean).join(delimiter);
  return env;
}
