import { nearest } from "@openclaw/core/config";
import type { Command } from "../../../command-line/command.ts";
import { usageError } from "../../../command-line/usage-error.ts";
import { changeConfiguration } from "../../../installation/change-configuration.ts";
import { openAuth } from "./open-auth.ts";

export const command: Command<{ id: string; agent?: string }> = {
  args: "<id>",
  describe: "Forget a key or sign-in; the next request does without it",
  examples: [["openclaw models auth remove anthropic:work", ""]],
  options: (yargs) =>
    yargs.option("agent", { type: "string", describe: "Of which agent (default: the one that answers)" }),
  async run({ id: profile, agent }, context) {
    const { auth, installation } = await openAuth(context, agent);
    const known = auth.status().flatMap(({ profiles }) => profiles.map(({ id }) => id));
    if (!(await auth.remove(profile))) {
      const meant = nearest(profile, known);
      throw usageError(
        `There is no profile "${profile}".`,
        meant ? `Did you mean ${meant}?` : "openclaw models auth list shows what there is.",
      );
    }
    const { profiles = {}, order = {} } = installation.loaded.authored.auth ?? {};
    const edits = [
      ...(profiles[profile] ? [{ path: ["auth", "profiles", profile], value: undefined }] : []),
      ...Object.entries(order).flatMap(([provider, ids]) =>
        ids?.includes(profile)
          ? [{ path: ["auth", "order", provider], value: ids.filter((id) => id !== profile) }]
          : [],
      ),
    ];
    const change = edits.length > 0 ? await changeConfiguration(context, edits, installation) : undefined;
    const { terminal, json } = context;
    if (json) return terminal.json({ ok: true, profile, written: change?.written ?? [] });
    terminal.out(`${profile} is forgotten. At the provider it stays valid until you revoke it there.`);
  },
};
