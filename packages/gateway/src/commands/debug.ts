import { OpenClawError } from "@openclaw/core";
import { errorSentence } from "./error-sentence.ts";
import { formatPath } from "@openclaw/core/config";
import type { GatewayContext } from "../gateway-context.ts";
import type { Command, CommandInput, CommandResult } from "./command.ts";
import { parseAssignment, readPath } from "./config/parse-assignment.ts";
import { showValue } from "./config/show-value.ts";

export const debug: Command = {
  name: "debug",
  args: "[show | set key=value | unset key | reset]",
  description: "Configuration values that hold until the gateway ends.",
  section: "Administration",
  enabled: ({ commands }) => commands?.debug === true,
  switch: "commands.debug",
  ownerOnly: true,
  async run(args, input, context) {
    const [verb = ""] = args.trim().split(/\s+/, 1);
    const rest = args.trim().slice(verb.length).trim();
    const { configOverrides } = context;
    switch (verb.toLowerCase()) {
      case "":
      case "show":
        return { reply: await list(context) };
      case "set":
        return set(rest, input, context);
      case "unset": {
        const path = readPath(rest);
        return {
          reply:
            path && configOverrides.unset(path)
              ? `${formatPath(path)} is as in the file again.`
              : `There is no override of "${rest.slice(0, 80)}".`,
        };
      }
      case "reset":
        configOverrides.reset();
        return { reply: "The configuration is as in the file again." };
      default:
        return { reply: "Use /debug show | set key=value | unset key | reset" };
    }
  },
};

async function set(
  text: string,
  { channel, senderId }: CommandInput,
  { configOverrides, config, log }: GatewayContext,
): Promise<CommandResult> {
  const wanted = parseAssignment(text);
  if ("problem" in wanted) return { reply: wanted.problem };
  const { path, value } = wanted;
  // The switches that let this command run are not its own to turn.
  if (path[0] === "commands") return { reply: "Settings of commands can be changed in the file only." };
  try {
    await configOverrides.set(path, value, config());
  } catch (error) {
    if (!OpenClawError.is(error)) throw error;
    return { reply: errorSentence(error) };
  }
  log.info(`${formatPath(path)} is overridden in memory by /debug from ${channel} sender ${senderId}`);
  return { reply: `${formatPath(path)}: ${await showValue(value, path)} · until the gateway ends` };
}

async function list({ configOverrides }: GatewayContext): Promise<string> {
  const values = configOverrides.list();
  if (values.length === 0) return "No overrides: the configuration is as in the file.";
  return (
    await Promise.all(values.map(async ({ path, value }) => `${path}: ${await showValue(value, readPath(path) ?? [])}`))
  ).join("\n");
}
