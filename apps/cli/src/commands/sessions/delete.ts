import type { Command } from "../../command-line/command.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { findSession } from "./find-session.ts";

interface Options extends GatewayOptions {
  session: string;
  keepTranscript?: boolean;
}

export const command: Command<Options> = {
  args: "<session>",
  describe: "Remove a session; its transcript is set aside, not destroyed",
  options: (yargs) =>
    gatewayOptions(yargs).option("keep-transcript", { type: "boolean", describe: "Leave the transcript where it is" }),
  async run({ session, keepTranscript, ...options }, context) {
    const result = await withGateway(options, context, async (client) => {
      const { key } = await findSession(client, session);
      return client.request("sessions.delete", keepTranscript ? { key, deleteTranscript: false } : { key });
    });
    if (context.json) return context.terminal.json(result);
    const archived = result.archived.length > 0 ? ` Transcript: ${result.archived.join(", ")}` : "";
    context.terminal.out(result.deleted ? `${result.key} is removed.${archived}` : `${result.key} was not there.`);
  },
};
