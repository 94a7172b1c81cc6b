import type { GatewayContext } from "../gateway-context.ts";

/** A chat command as somebody wrote it. */
export interface CommandInput {
  text: string;
  /** Canonical key of the session it acts on. */
  sessionKey: string;
  /** `webchat` for the dashboard and other RPC clients. */
  channel: string;
  account?: string;
  target?: string;
  senderId: string;
  senderName?: string;
}

export interface CommandResult {
  reply: string;
  /** A message that goes on to the agent after the command did its work (`/new write a poem`). */
  continueWith?: string;
}

export interface Command {
  /** Without the slash. */
  name: string;
  aliases?: readonly string[];
  /** One line for help and for a platform's command menu. */
  description: string;
  /** Shown in help behind the name, e.g. `[text]`. */
  args?: string;
  run(args: string, input: CommandInput, context: GatewayContext): CommandResult | Promise<CommandResult>;
}
