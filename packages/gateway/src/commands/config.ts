import { OpenClawError } from "@openclaw/core";
import { errorSentence } from "./error-sentence.ts";
import { formatPath, getAt } from "@openclaw/core/config";
import type { GatewayContext } from "../gateway-context.ts";
import { APPLIES, refuseConfigWrite } from "./access/config-writes.ts";
import type { Command, CommandInput, CommandResult } from "./command.ts";
import { parseAssignment, readPath } from "./config/parse-assignment.ts";
import { showValue } from "./config/show-value.ts";

const USAGE = "/config show [key], /config set key=value, /config unset key";

export const configCommand: Command = {
  name: "config",
  args: "[show [key] | set key=value | unset key]",
  description: "Read and change the configuration file.",
  section: "Administration",
  enabled: ({ commands }) => commands?.config === true,
  switch: "commands.config",
  ownerOnly: true,
  async run(args, input, context) {
    const [verb = "show", ...words] = args.trim().split(/\s+/);
    const rest = args.trim().slice(verb.length).trim();
    switch (verb.toLowerCase()) {
      case "":
      case "show":
      case "get":
        return show(rest, context);
      case "set":
        return change(parseAssignment(rest), input, context);
      case "unset": {
        const path = words.length === 1 ? readPath(rest) : undefined;
        return change(
          path ? { path, value: undefined } : { problem: "Write the key, e.g. /config unset messages.queue.cap" },
          input,
          context,
        );
      }
      default:
        return { reply: `Use ${USAGE}` };
    }
  },
};

async function show(text: string, { configEditor }: GatewayContext): Promise<CommandResult> {
  const path = text === "" ? [] : readPath(text);
  if (!path) return { reply: `"${text.slice(0, 80)}" is no key. Write it like messages.queue.cap` };
  const { authored, config, issues } = await configEditor.read();
  const own = getAt(authored, path);
  const value = own ?? getAt(config, path);
  const problems =
    issues.length > 0
      ? [
          `⚠️ The file has ${issues.length === 1 ? "a problem" : `${issues.length} problems`}: ${issues[0]?.path}: ${issues[0]?.message}`,
        ]
      : [];
  if (value === undefined) return { reply: [`${formatPath(path)} is not set.`, ...problems].join("\n") };
  const label = path.length === 0 ? "Configuration" : `${formatPath(path)}${own === undefined ? " (default)" : ""}`;
  return { reply: [`${label}: ${await showValue(value, path)}`, ...problems].join("\n") };
}

async function change(
  wanted: ReturnType<typeof parseAssignment>,
  input: CommandInput,
  context: GatewayContext,
): Promise<CommandResult> {
  if ("problem" in wanted) return { reply: wanted.problem };
  const refusal = refuseConfigWrite(input, context);
  if (refusal) return { reply: refusal };
  const { path, value } = wanted;
  try {
    await context.configEditor.write([{ path, value }]);
  } catch (error) {
    if (!OpenClawError.is(error)) throw error;
    return { reply: errorSentence(error) };
  }
  context.log.info(
    `${formatPath(path)} was ${value === undefined ? "removed" : "set"} by /config from ${input.channel} sender ${input.senderId}`,
  );
  return {
    reply: `${value === undefined ? `${formatPath(path)} was removed.` : `${formatPath(path)}: ${await showValue(value, path)}`}\n${APPLIES}`,
  };
}
