import type { LoginInteraction } from "@openclaw/gateway/installation";
import type { Command, CommandContext } from "../../../command-line/command.ts";
import { usageError } from "../../../command-line/usage-error.ts";
import { ask, canAsk } from "../../../output/ask.ts";
import { type AuthOptions, openAuth, tellStored } from "./open-auth.ts";

export const command: Command<AuthOptions & { name?: string }> = {
  describe: "Sign in to a provider with your account instead of a key",
  examples: [["openclaw models auth login --provider openai-codex", "ChatGPT Plus or Pro"]],
  options: (yargs) =>
    yargs
      .option("provider", { type: "string", describe: "Where to sign in" })
      .option("name", { type: "string", describe: "Name of the profile (default: the account's address)" })
      .option("agent", { type: "string", describe: "For which agent (default: the one that answers)" }),
  async run({ agent, provider, name }, context) {
    const opened = await openAuth(context, agent);
    if (!provider) {
      throw usageError("Where do you want to sign in?", `--provider ${opened.auth.loginProviders().join(" | ")}`);
    }
    const abort = new AbortController();
    const onInterrupt = () => abort.abort(new Error("Sign-in cancelled."));
    process.once("SIGINT", onInterrupt);
    try {
      const interaction = interactionOn(context, abort.signal);
      const id = await opened.auth.login({ provider, interaction, ...(name ? { name } : {}) });
      await tellStored(context, id, opened);
    } finally {
      process.removeListener("SIGINT", onInterrupt);
    }
  },
};

/** Shows what the provider wants, on standard error: with `--json` standard output stays one document. */
function interactionOn({ terminal }: CommandContext, signal: AbortSignal): LoginInteraction {
  return {
    signal,
    notify(event) {
      if (event.type === "auth_url") {
        terminal.err(`Open this address in a browser:\n\n  ${event.url}\n\n${event.instructions ?? ""}`.trimEnd());
      } else if (event.type === "device_code") {
        terminal.err(`Open ${event.verificationUri} in any browser and enter the code ${event.userCode}`);
      } else {
        terminal.err(event.message);
        for (const link of event.type === "info" ? (event.links ?? []) : []) terminal.err(`  ${link.url}`);
      }
    },
    async prompt(prompt) {
      const stop = prompt.signal ? AbortSignal.any([signal, prompt.signal]) : signal;
      // Nobody can be asked: the browser's way back to this machine, or a code for another device, still works.
      if (!canAsk()) {
        if (prompt.type === "select")
          return (prompt.options.find(({ id }) => /device/.test(id)) ?? prompt.options[0])?.id ?? "";
        if (prompt.type === "text") return "";
        return new Promise((_resolve, reject) => {
          stop.addEventListener("abort", () => reject(stop.reason as Error), { once: true });
        });
      }
      if (prompt.type !== "select") {
        return ask(`${prompt.message} `, { hidden: prompt.type === "secret", signal: stop });
      }
      const lines = prompt.options.map(
        ({ label, description }, index) => `  ${index + 1}. ${label}${description ? `: ${description}` : ""}`,
      );
      terminal.err([prompt.message, ...lines].join("\n"));
      const chosen = prompt.options[Number(await ask("Number: ", { signal: stop })) - 1] ?? prompt.options[0];
      return chosen?.id ?? "";
    },
  };
}
