import { OpenClawError } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";

/** A machine runs a gateway only when its configuration says so, or the person on the command line does. */
export function assertLocalMode(
  config: OpenClawConfig,
  { configPath, allowUnconfigured }: { configPath: string; allowUnconfigured: boolean },
): void {
  const mode = config.gateway?.mode;
  if (mode === "local" || allowUnconfigured) return;
  throw new OpenClawError(
    mode === "remote"
      ? {
          code: "GATEWAY_MODE_REMOTE",
          message: `${configPath} says gateway.mode: "remote": this machine uses a gateway elsewhere.`,
          hint: "To run one here: `openclaw config set gateway.mode local`. Once, without changing it: add --allow-unconfigured.",
        }
      : {
          code: "GATEWAY_MODE_UNSET",
          message: `${configPath} does not set gateway.mode, so the gateway does not start by itself.`,
          hint: "Run `openclaw config set gateway.mode local`, or start once with --allow-unconfigured.",
        },
  );
}
