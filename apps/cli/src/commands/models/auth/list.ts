import type { Command } from "../../../command-line/command.ts";
import { formatTable } from "../../../output/table.ts";
import { duration } from "../../../output/time.ts";
import { type AuthOptions, openAuth } from "./open-auth.ts";

export const command: Command<AuthOptions> = {
  describe: "List stored keys and sign-ins without their secrets, in the order they are tried",
  options: (yargs) =>
    yargs
      .option("provider", { type: "string", describe: "Only those of one provider" })
      .option("agent", { type: "string", describe: "Whose (default: the agent that answers)" }),
  async run({ agent, provider }, context) {
    const { auth } = await openAuth(context, agent);
    const providers = auth.status().filter((status) => !provider || status.provider === provider);
    const { terminal, json } = context;
    if (json) return terminal.json({ path: auth.path, providers });
    if (providers.length === 0) {
      terminal.err("Nothing is stored. Add a key: openclaw models auth add --provider anthropic");
      return;
    }
    const now = Date.now();
    const left = (until: number) => `${duration(until - now)} left`;
    const rows = providers.flatMap(({ provider: name, uses, profiles, outside }) => [
      ...profiles.map(({ id, type, rest, restModel, expires, unusable }) => ({
        provider: name,
        credential: id,
        kind: type,
        state: unusable
          ? "not usable"
          : rest
            ? `rests: ${rest.reason}${restModel ? ` of ${restModel}` : ""}, ${left(rest.until)}`
            : id === uses
              ? "in use"
              : "ready",
        ends:
          expires === undefined
            ? undefined
            : expires > now
              ? left(expires)
              : type === "oauth"
                ? "renewed at use"
                : "ended",
      })),
      ...(outside ? [{ provider: name, credential: outside, kind: "outside", state: "in use", ends: undefined }] : []),
    ]);
    terminal.out(formatTable(rows, ["provider", "credential", "kind", "state", "ends"], terminal));
  },
};
