import type { Command } from "../../../command-line/command.ts";
import { usageError } from "../../../command-line/usage-error.ts";
import { type AuthOptions, openAuth, requireProvider } from "./open-auth.ts";

export const command: Command<AuthOptions & { ids?: string[]; clear?: boolean }> = {
  args: "[ids..]",
  describe: "Show or set the order in which a provider's keys and sign-ins are tried",
  examples: [
    ["openclaw models auth order --provider anthropic", "show it"],
    ["openclaw models auth order --provider anthropic anthropic:work anthropic:home", "set it"],
    ["openclaw models auth order --provider anthropic --clear", "sign-ins first, then the longest unused"],
  ],
  lists: ["ids"],
  options: (yargs) =>
    yargs
      .option("provider", { type: "string", describe: "Of which provider" })
      .option("clear", { type: "boolean", describe: "Let go of a stored order" })
      .option("agent", { type: "string", describe: "Of which agent (default: the one that answers)" }),
  async run({ agent, provider, ids: profiles = [], clear }, context) {
    const wanted = requireProvider(profiles[0]?.split(":")[0] ?? provider, "openclaw models auth order");
    if (clear && profiles.length > 0) throw usageError("Either --clear, or profiles in their order.");
    const { auth } = await openAuth(context, agent);
    if (clear) await auth.setOrder(wanted, undefined);
    else if (profiles.length > 0) await auth.setOrder(wanted, profiles);
    const status = auth.status().find((one) => one.provider === wanted);
    const ids = status?.profiles.map(({ id }) => id) ?? [];
    const { terminal, json } = context;
    if (json) return terminal.json({ provider: wanted, profiles: ids, order: status?.order });
    if (ids.length === 0) {
      terminal.err(`${wanted} has no stored keys or sign-ins.`);
      return;
    }
    terminal.out(ids.join("\n"));
    const from = { stored: "This order is stored.", config: "This order is auth.order of the configuration." };
    terminal.err(
      status?.order ? from[status.order.from] : "No order is set: sign-ins, tokens, keys, each by the longest unused.",
    );
  },
};
