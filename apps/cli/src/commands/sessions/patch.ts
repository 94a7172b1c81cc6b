import type { MethodParams } from "@openclaw/protocol";
import type { Command } from "../../command-line/command.ts";
import { usageError } from "../../command-line/usage-error.ts";
import { type GatewayOptions, withGateway } from "../../connection/gateway-connection.ts";
import { gatewayOptions } from "../../connection/gateway-options.ts";
import { findSession } from "./find-session.ts";

/** Options, and the settings of a session they change. */
const settings = {
  label: "label",
  model: "model",
  thinking: "thinkingLevel",
  verbose: "verboseLevel",
  reasoning: "reasoningLevel",
  elevated: "elevatedLevel",
  sendPolicy: "sendPolicy",
  activation: "groupActivation",
} as const;

type Options = GatewayOptions & { session: string } & Partial<Record<keyof typeof settings, string>>;

export const command: Command<Options> = {
  args: "<session>",
  describe: "Change a session's label, model or levels; an empty value goes back to the default",
  examples: [
    ['openclaw sessions patch main --label "home"', ""],
    ['openclaw sessions patch work --model ""', "the configured model again"],
  ],
  options: (yargs) =>
    gatewayOptions(yargs)
      .option("label", { type: "string", describe: "A name for it" })
      .option("model", { type: "string", describe: "provider/model or an alias" })
      .option("thinking", { type: "string", describe: "off, minimal, low, medium, high, xhigh" })
      .option("verbose", { type: "string", describe: "off, on, full" })
      .option("reasoning", { type: "string", describe: "off, on, stream" })
      .option("elevated", { type: "string", describe: "off, on, ask, full" })
      .option("send-policy", { type: "string", describe: "allow, deny" })
      .option("activation", { type: "string", describe: "In groups: mention, always" }),
  async run(options, context) {
    const change = Object.entries(settings).flatMap(([option, setting]) => {
      const value = options[option as keyof typeof settings];
      return value === undefined ? [] : [[setting, value === "" ? null : value]];
    });
    if (change.length === 0) throw usageError("There is nothing to change.", "Name a setting, e.g. --label home.");
    const result = await withGateway(options, context, async (client) => {
      const { key } = await findSession(client, options.session);
      return client.request("sessions.patch", { key, ...Object.fromEntries(change) } as MethodParams<"sessions.patch">);
    });
    if (context.json) context.terminal.json(result);
    else
      context.terminal.out(
        `${result.key}: ${change.map(([setting, value]) => `${setting} is ${value ?? "the default"}`).join(", ")}`,
      );
  },
};
