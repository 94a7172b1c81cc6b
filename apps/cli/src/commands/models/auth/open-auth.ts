import type { ConfigEdit } from "@openclaw/core/config";
import { defaultAgentId } from "@openclaw/core/routing";
import { type ModelAuth, openModelAuth } from "@openclaw/gateway/installation";
import type { CommandContext } from "../../../command-line/command.ts";
import { usageError } from "../../../command-line/usage-error.ts";
import { assertValidConfig } from "../../../installation/assert-valid.ts";
import { changeConfiguration, nextStep } from "../../../installation/change-configuration.ts";
import { type Installation, loadInstallation } from "../../../installation/installation.ts";

export interface AuthOptions {
  agent?: string;
  provider?: string;
}

export interface OpenedAuth {
  auth: ModelAuth;
  installation: Installation;
}

/** The credentials of `--agent`, or of the one that answers by default. */
export async function openAuth(context: CommandContext, agent?: string): Promise<OpenedAuth> {
  const installation = await loadInstallation(context);
  const { loaded, paths } = installation;
  assertValidConfig(loaded);
  const agentId = agent ?? defaultAgentId(loaded.config);
  const auth = await openModelAuth({ agentId, config: loaded.config, stateDir: paths.stateDir, env: loaded.env });
  return { auth, installation };
}

/** `--provider`, without which nothing can be stored. */
export function requireProvider(provider: string | undefined, example: string): string {
  if (provider?.trim()) return provider.trim();
  throw usageError("Which provider is it for?", `${example} --provider anthropic`);
}

/**
 * Tells that a profile is stored. Where the configuration lists a provider's profiles it is the whole list, so the new
 * one is added to it.
 */
export async function tellStored(
  context: CommandContext,
  id: string,
  { auth, installation }: OpenedAuth,
): Promise<void> {
  const { terminal, json } = context;
  const status = auth.status().find(({ profiles }) => profiles.some((profile) => profile.id === id));
  const profile = status?.profiles.find((one) => one.id === id);
  const { profiles: listed = {}, order = {} } = installation.loaded.config.auth ?? {};
  const edits: ConfigEdit[] = [];
  const provider = status?.provider ?? id.slice(0, id.indexOf(":"));
  if (profile && !listed[id] && Object.values(listed).some((entry) => entry?.provider === provider)) {
    edits.push({ path: ["auth", "profiles", id], value: { provider, mode: profile.type } });
  }
  const ordered = order[provider];
  if (ordered && !ordered.includes(id)) edits.push({ path: ["auth", "order", provider], value: [...ordered, id] });
  const change = edits.length > 0 ? await changeConfiguration(context, edits, installation) : undefined;
  if (json) return terminal.json({ ok: true, profile: id, uses: status?.uses, written: change?.written ?? [] });
  terminal.out(`${id} is stored.`);
  if (status?.uses && status.uses !== id) terminal.err(`${status.uses} is tried before it: openclaw models auth order`);
  const next = change && nextStep(change);
  if (next) terminal.err(next);
}
