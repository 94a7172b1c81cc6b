import type { Command } from "../../command-line/command.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { formatFacts } from "../../output/facts.ts";
import { cleanLines } from "../../output/multiline.ts";
import { when } from "../../output/time.ts";
import { findSession } from "./find-session.ts";

interface Options extends GatewayOptions {
  session: string;
  limit: number;
}

const MAX_CHARS = 4000;

export const command: Command<Options> = {
  args: "<session>",
  describe: "Show a session and its last messages",
  examples: [["openclaw sessions show main --limit 20", ""]],
  options: (yargs) =>
    gatewayOptions(yargs).option("limit", { type: "number", default: 10, describe: "So many messages" }),
  async run({ session: wanted, limit, ...options }, context) {
    const { session, messages } = await withGateway(options, context, async (client) => {
      const found = await findSession(client, wanted);
      const { previews } = await client.request("sessions.preview", {
        keys: [found.key],
        limit: Math.max(1, limit),
        maxChars: MAX_CHARS,
      });
      return { session: found, messages: previews[0]?.items ?? [] };
    });
    const { terminal, json } = context;
    if (json) return terminal.json({ session, messages });
    const {
      key,
      label,
      sessionId,
      modelProvider,
      model,
      totalTokens,
      contextTokens,
      thinkingLevel,
      deliveryContext,
      updatedAt,
    } = session;
    terminal.out(
      formatFacts(
        [
          ["Key", key],
          ["Label", label],
          ["Id", sessionId],
          ["Model", model && `${modelProvider ?? "?"}/${model}`],
          ["Thinking", thinkingLevel],
          ["Tokens", totalTokens === undefined ? undefined : `${totalTokens} of ${contextTokens ?? "?"}`],
          ["Replies to", deliveryContext?.to && `${deliveryContext.channel ?? "?"} ${deliveryContext.to}`],
          ["Updated", when(updatedAt, terminal)],
        ],
        terminal,
      ),
    );
    for (const { role, text } of messages) terminal.out(`\n${terminal.style("bold", role)}\n${cleanLines(text)}`);
  },
};
