import type { Command } from "../../../command-line/command.ts";
import { askSecret } from "../../../output/ask.ts";
import { type AuthOptions, openAuth, requireProvider, tellStored } from "./open-auth.ts";

export const command: Command<AuthOptions & { name?: string; email?: string }> = {
  describe: "Store an API key; it is asked for, or read from standard input",
  examples: [
    ["openclaw models auth add --provider openrouter", "asks for the key"],
    ["openclaw models auth add --provider openai --name work < key.txt", "a second one"],
  ],
  options: (yargs) =>
    yargs
      .option("provider", { type: "string", describe: "Whose key it is, e.g. anthropic" })
      .option("name", { type: "string", describe: "Name of the profile (default: default)" })
      .option("email", { type: "string", describe: "Account it belongs to, for display" })
      .option("agent", { type: "string", describe: "For which agent (default: the one that answers)" }),
  async run({ agent, provider, name, email }, context) {
    const wanted = requireProvider(provider, "openclaw models auth add");
    const opened = await openAuth(context, agent);
    const key = await askSecret(`API key of ${wanted} (not shown): `);
    const id = await opened.auth.addKey({
      provider: wanted,
      key,
      ...(name ? { name } : {}),
      ...(email ? { email } : {}),
    });
    await tellStored(context, id, opened);
  },
};
