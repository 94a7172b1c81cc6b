import type { Account } from "@openclaw/plugin-sdk";
import { checkApiRoot } from "./api-root.ts";
import type { TelegramConfig } from "./config.ts";

/** Keys that name one bot: an account never inherits them from the section, or two pollers would share a bot. */
const OWN_KEYS = ["accounts", "name", "botToken", "tokenFile", "webhookUrl", "webhookSecret", "webhookPath"];
const TOKEN = /^\d+:[\w-]{3,}$/;

type Section = Readonly<Record<string, unknown>>;
const isSection = (value: unknown): value is Section =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;

/**
 * The accounts of a `channels.telegram` section. The section itself is account `default` when it holds a token or no
 * accounts; `TELEGRAM_BOT_TOKEN` stands in for a missing token of `default` only.
 */
export function readAccounts(
  section: unknown,
  env: Readonly<Record<string, string | undefined>>,
): Account<TelegramConfig>[] {
  if (!isSection(section)) return [];
  const named = isSection(section["accounts"]) ? Object.entries(section["accounts"]) : [];
  const base = Object.fromEntries(Object.entries(section).filter(([key]) => !OWN_KEYS.includes(key)));
  const entries = named.map(([id, value]): [string, Section] => {
    const own = isSection(value) ? value : {};
    return [id, id === "default" ? { ...section, ...own } : { ...base, ...own }];
  });
  const sectionIsAccount =
    entries.length === 0 || (text(section["botToken"]) ?? text(section["tokenFile"])) !== undefined;
  if (sectionIsAccount && !entries.some(([id]) => id === "default")) entries.unshift(["default", section]);

  const owners = new Map<string, string>();
  return entries.map(([id, merged]) => {
    const account = readAccount(id, merged, env);
    account.enabled &&= section["enabled"] !== false;
    const token = account.config.botToken;
    if (token === undefined) return account;
    const owner = owners.get(token);
    if (owner === undefined) owners.set(token, id);
    else Object.assign(account, { configured: false, problem: `uses the same bot token as account "${owner}"` });
    return account;
  });
}

function readAccount(
  id: string,
  merged: Section,
  env: Readonly<Record<string, string | undefined>>,
): Account<TelegramConfig> {
  const { accounts: _, ...rest } = merged;
  const config: TelegramConfig = { ...rest };
  const account: Account<TelegramConfig> = { id, enabled: merged["enabled"] !== false, configured: true, config };
  const name = text(merged["name"]);
  if (name !== undefined) account.name = name;
  const fromConfig = text(merged["botToken"]);
  const fromFile = text(merged["tokenFile"]);
  const fromEnv = id === "default" ? text(env["TELEGRAM_BOT_TOKEN"]) : undefined;
  delete config.botToken;
  if (fromConfig !== undefined) Object.assign(account, { tokenSource: "config" });
  else if (fromFile !== undefined) Object.assign(account, { tokenSource: "tokenFile" });
  else if (fromEnv !== undefined) Object.assign(account, { tokenSource: "env" });
  const token = fromConfig ?? (fromFile === undefined ? fromEnv : undefined);
  if (token !== undefined) config.botToken = token;
  const problem = findProblem(id, config);
  if (problem !== undefined) Object.assign(account, { configured: false, problem });
  return account;
}

function findProblem(id: string, config: TelegramConfig): string | undefined {
  const path = id === "default" ? "channels.telegram" : `channels.telegram.accounts.${id}`;
  if (config.botToken === undefined && config.tokenFile === undefined)
    return `no bot token: set ${path}.botToken or tokenFile${id === "default" ? ", or TELEGRAM_BOT_TOKEN" : ""}`;
  if (config.botToken !== undefined && !TOKEN.test(config.botToken))
    return `${path}.botToken is not a bot token (digits, a colon, letters); copy it from @BotFather`;
  const root = checkApiRoot(config.apiRoot);
  return "problem" in root ? root.problem : undefined;
}
