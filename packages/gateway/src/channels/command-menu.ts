import type { Log } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import { commandIndex } from "../commands/registry.ts";
import type { RunningAccount } from "./running-account.ts";

const TIMEOUT_MS = 30_000;

/** Writes the chat commands into the platform's own menu, or empties it when they are switched off. */
export function fillCommandMenu(running: RunningAccount, config: OpenClawConfig, log: Log): void {
  const { channel, account, connection, definition } = running;
  if (!definition.capabilities.nativeCommands || !connection?.setCommands) return;
  const menu = hasCommandMenu(running, config)
    ? commandIndex.available(config).map(({ name, description }) => ({ name, description }))
    : [];
  connection
    .setCommands(menu, AbortSignal.timeout(TIMEOUT_MS))
    .catch((error: unknown) =>
      log.warn(`${channel}/${account.id}: the command menu was not written: ${String(error)}`),
    );
}

/** Whether commands come from the platform's own menu here. */
export function hasCommandMenu(
  { account, definition }: Pick<RunningAccount, "account" | "definition">,
  config: OpenClawConfig,
): boolean {
  const own = (account.config as { commands?: { native?: boolean | "auto" } }).commands?.native;
  return definition.capabilities.nativeCommands && (own ?? config.commands?.native ?? "auto") !== false;
}
