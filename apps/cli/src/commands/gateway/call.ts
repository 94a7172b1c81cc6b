import { OpenClawError } from "@openclaw/core";
import { nearest, parseConfigText } from "@openclaw/core/config";
import { METHODS, isMethodName } from "@openclaw/protocol";
import type { Command } from "../../command-line/command.ts";
import { usageError } from "../../command-line/usage-error.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";

interface Options extends GatewayOptions {
  method: string;
  params?: string;
}

export const command: Command<Options> = {
  args: "<method>",
  describe: "Call a method of the gateway and print what it answers, as JSON",
  examples: [
    ["openclaw gateway call config.get --params '{}'", ""],
    ["openclaw gateway call sessions.list --params '{\"limit\": 3}'", ""],
  ],
  options: (yargs) =>
    gatewayOptions(yargs).option("params", { type: "string", describe: "Parameters as JSON (default {})" }),
  async run({ method, params = "{}", ...options }, context) {
    const data = parseParams(params);
    try {
      const answer = await withGateway(options, context, (client) =>
        client.request(method, data, { timeoutMs: options.timeout }),
      );
      context.terminal.json(answer ?? null);
    } catch (error) {
      const wanted = isMethodName(method) ? undefined : nearest(method, Object.keys(METHODS));
      if (!OpenClawError.is(error) || !wanted || error.code !== "INVALID_REQUEST") throw error;
      throw new OpenClawError({
        code: error.code,
        message: error.message,
        hint: `Did you mean ${wanted}?`,
        cause: error,
      });
    }
  },
};

function parseParams(text: string): unknown {
  try {
    return parseConfigText(text);
  } catch (error) {
    throw usageError(
      `--params is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      `Quote it for the shell: --params '{"limit": 3}'`,
    );
  }
}
