import type { GatewayContext } from "../gateway-context.ts";
import type { CommandInput, CommandResult } from "./command.ts";
import { parseCommand } from "./registry.ts";

/** Runs the command a message is, or answers undefined when it is none. The caller has checked who may. */
export async function runCommand(context: GatewayContext, input: CommandInput): Promise<CommandResult | undefined> {
  if (context.config().commands?.text === false && input.channel !== "webchat") return undefined;
  const parsed = parseCommand(input.text);
  if (!parsed) return undefined;
  try {
    return await parsed.command.run(parsed.args, input, context);
  } catch (error) {
    context.log.error(`command /${parsed.command.name} failed: ${String(error)}`);
    return { reply: `/${parsed.command.name} did not work: ${error instanceof Error ? error.message : String(error)}` };
  }
}
