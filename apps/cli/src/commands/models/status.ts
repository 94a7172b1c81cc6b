import type { Command } from "../../command-line/command.ts";
import type { GatewayOptions } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { loadInstallation } from "../../installation/installation.ts";
import { formatFacts } from "../../output/facts.ts";
import { openAuth } from "./auth/open-auth.ts";
import { describeCredentials } from "./credentials-in-use.ts";
import { askGateway, inspectHere } from "./report.ts";

export const command: Command<GatewayOptions> = {
  describe: "The model that answers, and each step of how it was chosen",
  options: gatewayOptions,
  async run(options, context) {
    const installation = await loadInstallation(context);
    const { loaded } = installation;
    const [running, here] = await Promise.all([
      askGateway(options, context, (client) => client.request("sessions.list", { limit: 1 })),
      inspectHere(context, installation),
    ]);
    const { provider, model, kind, source, steps } = here.resolution;
    const theirs = running?.defaults.model
      ? `${running.defaults.modelProvider ?? "?"}/${running.defaults.model}`
      : undefined;
    const mine = `${provider}/${model}`;
    const configured = loaded.config.agents?.defaults?.model;
    const fallbacks = typeof configured === "object" ? (configured.fallbacks ?? []) : [];
    const aliases = Object.entries(loaded.config.agents?.defaults?.models ?? {}).flatMap(([name, entry]) =>
      entry?.alias ? [`${entry.alias} is ${name}`] : [],
    );
    const { auth } = await openAuth(context);
    const names = [provider, ...fallbacks.map((name) => name.slice(0, name.indexOf("/")))];
    const credentials = auth.status().filter((status) => names.includes(status.provider));
    const { terminal, json } = context;
    if (json) {
      const gateway = theirs ? { gateway: theirs } : {};
      return terminal.json({ model: mine, kind, source, steps, fallbacks, credentials, ...gateway });
    }
    terminal.out(
      formatFacts(
        [
          ["Model", kind === "rules" ? `${mine} (fixed rules, no language model)` : mine],
          ["Fallbacks", fallbacks.join(", ") || undefined],
          ["Aliases", aliases.join("\n") || undefined],
          ["Credentials", describeCredentials(credentials, Date.now()) || undefined],
          ["Chosen", steps.join("\n")],
          [
            "Gateway",
            theirs && theirs !== mine
              ? `uses ${theirs}: it runs with another environment or an older configuration`
              : undefined,
          ],
        ],
        terminal,
      ),
    );
    if (kind === "rules") {
      terminal.err(
        "To connect a model, do one of these, then start the gateway again:\n  set ANTHROPIC_API_KEY, OPENAI_API_KEY or GEMINI_API_KEY in its environment\n  start a local server: Ollama, LM Studio, llama.cpp\n  openclaw models set <provider/model>",
      );
    }
  },
};
