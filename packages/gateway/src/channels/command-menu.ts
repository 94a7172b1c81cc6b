import type { Log } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import { commands } from "../commands/registry.ts";
import type { RunningAccount } from "./running-account.ts";

const TIMEOUT_MS = 30_000;

/** Writes the chat commands into the platform's own menu, or empties it when they are switched off. */
export function fillCommandMenu({ channel, account, connection, definition }: RunningAccount, config: OpenClawConfig, log: Log): void {
  if (!definition.capabilities.nativeCommands || !connection?.setCommands) return;
  const own = (account.config as { commands?: { native?: boolean | "auto" } }).commands?.native;
  const wanted = (own ?? config.commands?.native ?? "auto") !== false;
  const menu = wanted ? commands.map(({ name, description }) => ({ name, description })) : [];
  connection.setCommands(menu, AbortSignal.timeout(TIMEOUT_MS)).catch((error: unknown) => log.warn(`${channel}/${account.id}: the command menu was not written: ${String(error)}`));
}
