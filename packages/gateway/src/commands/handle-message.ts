import type { GatewayContext } from "../gateway-context.ts";
import { type Command, type CommandInput, type CommandResult, isDirective } from "./command.ts";
import type { TurnOverrides } from "./directives/turn-overrides.ts";
import { errorSentence } from "./error-sentence.ts";
import type { OwnNames } from "./parsing/leading-command.ts";
import { type InlineToken, readMessage } from "./parsing/read-message.ts";
import { commandIndex } from "./registry.ts";
import { skillRequest } from "./skill-request.ts";

export interface MessageInput extends CommandInput {
  text: string;
  /** May this person give commands? Otherwise everything is text. */
  authorized: boolean;
  /** We were addressed. In groups commands inside a message count only then. */
  addressed: boolean;
  /** Typed by a person, not chosen from the platform's own menu. */
  typed: boolean;
  hasMedia?: boolean;
  own?: OwnNames;
}

/** What a message turned out to be. Without `forward` there is nothing for the agent. */
export interface HandledMessage {
  /** The gateway's own answer. */
  reply?: string;
  /** What goes on to the agent, commands taken out. */
  forward?: string;
  /** For the forwarded message alone. */
  overrides: TurnOverrides;
}

/** Carries out a message's commands and directives. Never throws: what fails is said in the reply. */
export async function handleMessage(context: GatewayContext, input: MessageInput): Promise<HandledMessage> {
  const { text, authorized, addressed, typed, own, hasMedia } = input;
  const untouched: HandledMessage = { forward: text, overrides: {} };
  if (!authorized) return untouched;
  const reading = readMessage(text, { index: commandIndex, config: context.config(), typed, own, hasMedia });
  if (reading.kind === "command") {
    const { reply, continueWith } = await run(reading.command, reading.args, input, context);
    // The files under a caption `/new` are the first message of the new conversation.
    const forward = continueWith ?? (hasMedia && reading.command.name === "new" ? "" : undefined);
    return { reply, overrides: {}, ...(forward === undefined ? {} : { forward }) };
  }
  if (reading.kind === "directives") {
    const replies: string[] = [];
    for (const { command, args } of reading.tokens) replies.push((await run(command, args, input, context)).reply);
    return { reply: replies.join("\n\n"), overrides: {} };
  }
  if (!addressed) return untouched;
  const skill = await skillRequest(text, input.sessionKey, context);
  if (skill) return skill;
  return { ...(await applyTokens(reading.tokens, input, context)), forward: reading.rest };
}

/** Shortcuts are answered beside the message; a directive that cannot be had is said and left out. */
async function applyTokens(
  tokens: readonly InlineToken[],
  input: CommandInput,
  context: GatewayContext,
): Promise<HandledMessage> {
  const replies: string[] = [];
  const overrides: TurnOverrides = {};
  for (const { command, args, overrides: own } of tokens) {
    if (!own) {
      replies.push((await run(command, args, input, context)).reply);
      continue;
    }
    const refusal = isDirective(command)
      ? await attempt(command, context, async () => command.refuse?.(own, input, context))
      : undefined;
    if (refusal) replies.push(refusal);
    else Object.assign(overrides, own);
  }
  const reply = [...new Set(replies)].join("\n\n");
  return { ...(reply ? { reply } : {}), overrides };
}

async function run(
  command: Command,
  args: string,
  input: CommandInput,
  context: GatewayContext,
): Promise<CommandResult> {
  const { name, enabled, ownerOnly } = command;
  if (enabled && !enabled(context.config()))
    return { reply: `/${name} is switched off. ${command.switch}: true in the configuration switches it on.` };
  if (ownerOnly && !input.owner) return { reply: `/${name} is for owners only.` };
  const result = await attempt(command, context, async () => command.run(args, input, context));
  return typeof result === "string" ? { reply: result } : result;
}

/** What the work gives, or the sentence that says why it failed. */
async function attempt<Result>(
  { name }: Command,
  { log }: GatewayContext,
  work: () => Promise<Result>,
): Promise<Result | string> {
  try {
    return await work();
  } catch (error) {
    log.error(`command /${name} failed: ${String(error)}`);
    return `/${name} did not work: ${errorSentence(error)}`;
  }
}
