import type { Command } from "../../../command-line/command.ts";
import { usageError } from "../../../command-line/usage-error.ts";
import { askSecret } from "../../../output/ask.ts";
import { type AuthOptions, openAuth, tellStored } from "./open-auth.ts";

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export const command: Command<AuthOptions & { name?: string; expiresIn?: string }> = {
  describe: "Store a token that is not renewed, such as claude setup-token prints",
  examples: [["openclaw models auth paste-token --provider anthropic --expires-in 365d", "after: claude setup-token"]],
  options: (yargs) =>
    yargs
      .option("provider", { type: "string", default: "anthropic", describe: "Whose token it is" })
      .option("name", { type: "string", describe: "Name of the profile (default: default)" })
      .option("expires-in", { type: "string", describe: "When it ends, e.g. 365d or 12h (default: never)" })
      .option("agent", { type: "string", describe: "For which agent (default: the one that answers)" }),
  async run({ agent, provider = "anthropic", name, expiresIn }, context) {
    const lifetime = expiresIn === undefined ? undefined : milliseconds(expiresIn);
    const opened = await openAuth(context, agent);
    const token = await askSecret(`Token of ${provider} (not shown): `);
    const expires = lifetime === undefined ? {} : { expires: Date.now() + lifetime };
    const id = await opened.auth.addToken({ provider, token, ...(name ? { name } : {}), ...expires });
    await tellStored(context, id, opened);
  },
};

function milliseconds(text: string): number {
  const match = /^(\d+)\s*([mhd])$/.exec(text.trim());
  if (!match) throw usageError(`--expires-in ${text} is no time.`, "Write a number with m, h or d, e.g. 365d.");
  return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
}
