import { accessSync, constants } from "node:fs";
import type { Account } from "@openclaw/plugin-sdk/channel";
import type { CatalogEntry } from "../../channels/catalog-entry.ts";
import { catalog } from "../../channels/generated/catalog.ts";
import { type DoctorContext, type Finding, withConfiguration } from "../check.ts";

export const channelAccounts = withConfiguration({
  id: "channel-accounts",
  group: "channels",
  title: "Every channel that is switched on has what it needs",
  async run({ config, env }) {
    const sections = Object.entries(config.channels ?? {}).filter(
      ([id, section]) => id !== "defaults" && isEnabled(section),
    );
    return (await Promise.all(sections.map(([id, section]) => checkChannel(id, section, env)))).flat();
  },
});

async function checkChannel(id: string, section: unknown, env: DoctorContext["env"]): Promise<Finding[]> {
  const entry = catalog.find((one) => one.id === id);
  const found = await load(entry);
  if (typeof found === "string") {
    return [
      {
        severity: "warning",
        message: `channels.${id} is configured, but ${found}.`,
        hint: `Nothing goes wrong by it. To say so: openclaw config set channels.${id}.enabled false`,
      },
    ];
  }
  return found
    .accounts(section, env)
    .filter(({ enabled }) => enabled)
    .flatMap((account): Finding[] => {
      const problem = account.configured ? tokenFileProblem(account) : account.problem;
      return problem
        ? [{ severity: "error", message: `${entry?.label ?? id}, account ${account.id}: ${problem}.` }]
        : [];
    });
}

async function load(entry: CatalogEntry | undefined) {
  if (!entry?.load) return "it is not part of this version";
  try {
    return await entry.load();
  } catch (error) {
    return `its package cannot be loaded (${error instanceof Error ? error.message.split("\n")[0] : String(error)})`;
  }
}

function tokenFileProblem({ tokenSource, config }: Account<unknown>): string | undefined {
  const file = tokenSource === "tokenFile" ? (config as { tokenFile?: unknown }).tokenFile : undefined;
  if (typeof file !== "string") return undefined;
  try {
    accessSync(file, constants.R_OK);
    return undefined;
  } catch (error) {
    return `the token file ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`;
  }
}

const isEnabled = (section: unknown) =>
  typeof section === "object" && section !== null && (section as { enabled?: boolean }).enabled !== false;
