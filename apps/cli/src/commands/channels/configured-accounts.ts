/** One account as the configuration holds it. */
export interface ConfiguredAccount {
  channel: string;
  account: string;
  name?: string;
  enabled: boolean;
}

/** Accounts of every `channels` section. A section without `accounts` is account `default`. */
export function configuredAccounts(channels: Readonly<Record<string, unknown>> | undefined): ConfiguredAccount[] {
  return Object.entries(channels ?? {}).flatMap(([channel, section]) => {
    if (channel === "defaults" || !isSection(section)) return [];
    const named = isSection(section.accounts) ? Object.entries(section.accounts) : [];
    const on = section.enabled !== false;
    const own = Object.keys(section).some((key) => /token|password|cliPath|httpUrl|serverUrl/i.test(key));
    const row = (account: string, value: unknown): ConfiguredAccount => {
      const entry = isSection(value) ? value : {};
      return {
        channel,
        account,
        ...(typeof entry.name === "string" ? { name: entry.name } : {}),
        enabled: on && entry.enabled !== false,
      };
    };
    const rows = named.map(([account, value]) => row(account, value));
    return rows.length === 0 || (own && !("default" in (section.accounts as object)))
      ? [row("default", section), ...rows]
      : rows;
  });
}

const isSection = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
