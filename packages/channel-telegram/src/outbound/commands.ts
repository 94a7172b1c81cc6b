import type { Api } from "grammy";
import type { NativeCommand } from "@openclaw/plugin-sdk";
import { apiSignal } from "../wire/api-signal.ts";

/** Longest menu and description the platform takes (Bot API, setMyCommands). */
const MENU_LIMIT = 100;
const DESCRIPTION_LIMIT = 256;
/** All are written, so that none keeps an older menu that would win over `default`. */
const SCOPES = ["default", "all_private_chats", "all_group_chats"] as const;

export interface MenuEntry {
  command: string;
  description: string;
}

/** Native commands first, then the owner's own; names brought to `[a-z0-9_]{1,32}`, later doubles dropped. */
export function buildMenu(native: readonly NativeCommand[], custom: readonly MenuEntry[]): MenuEntry[] {
  const menu = new Map<string, MenuEntry>();
  for (const { name, description } of [...native, ...custom.map((entry) => ({ name: entry.command, ...entry }))]) {
    const command = name
      .trim()
      .replace(/^\//, "")
      .toLowerCase()
      .replaceAll("-", "_")
      .replaceAll(/[^a-z0-9_]/g, "")
      .slice(0, 32);
    if (command === "" || menu.has(command)) continue;
    menu.set(command, { command, description: description.trim().slice(0, DESCRIPTION_LIMIT) || command });
  }
  return [...menu.values()].slice(0, MENU_LIMIT);
}

export async function writeMenu(api: Api, menu: readonly MenuEntry[], signal: AbortSignal): Promise<void> {
  const own = apiSignal(signal);
  for (const type of SCOPES) {
    if (menu.length === 0) await api.deleteMyCommands({ scope: { type } }, own);
    else await api.setMyCommands(menu, { scope: { type } }, own);
  }
}
