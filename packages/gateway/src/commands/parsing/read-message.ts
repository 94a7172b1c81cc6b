import type { OpenClawConfig } from "@openclaw/core/config";
import { parseResetTrigger } from "@openclaw/core/sessions";
import { type Command, type CommandIndex, type ModelNames, isDirective, isShortcut } from "../command.ts";
import type { TurnOverrides } from "../directives/turn-overrides.ts";
import { modelNames } from "../models/model-names.ts";
import { takeInlineTokens } from "./inline-tokens.ts";
import { type OwnNames, isOnlyMentions, leadingCommand } from "./leading-command.ts";

export interface InlineToken {
  command: Command;
  args: string;
  /** Absent for shortcuts, which are answered. */
  overrides?: TurnOverrides;
}

/** What a message is, whoever wrote it. */
export type MessageReading =
  /** The whole message is one command. */
  | { kind: "command"; command: Command; args: string }
  /** Nothing but directives and shortcuts. */
  | { kind: "directives"; tokens: InlineToken[] }
  /** A message; `rest` is what is left when its tokens are taken out. */
  | { kind: "text"; tokens: InlineToken[]; rest: string };

export interface ReadOptions {
  index: CommandIndex;
  config: OpenClawConfig;
  /** Typed by a person, not chosen from the platform's own menu. */
  typed: boolean;
  own?: OwnNames;
  /** Files came along, so there is a message even when its words are all directives. */
  hasMedia?: boolean;
}

export function readMessage(text: string, options: ReadOptions): MessageReading {
  const lead = leadingOf(text, options);
  if (lead && isWhole(lead, options)) return { kind: "command", ...lead };
  const plain: MessageReading = { kind: "text", tokens: [], rest: text };
  if (!isRead(undefined, options)) return plain;
  const { tokens, rest } = scan(text, options);
  if (tokens.length === 0) return plain;
  const alone = !options.hasMedia && isOnlyMentions(rest, options.own ?? { patterns: [] });
  return alone ? { kind: "directives", tokens } : { kind: "text", tokens, rest };
}

/** A name or alias, a reset trigger of the configuration, `/<alias of a model>`. */
function leadingOf(text: string, options: ReadOptions): { command: Command; args: string } | undefined {
  const { index, config, own } = options;
  const reset = parseResetTrigger(text, config.session?.resetTriggers ?? []);
  const fresh = index.find("new");
  if (reset && fresh && isRead(fresh, options)) return { command: fresh, args: reset.rest };
  const lead = leadingCommand(text, own);
  const command = lead && index.find(lead.name);
  // Who shouts "!!!" where no shell is offered wants no shell.
  if (lead?.name === "!" && command?.enabled?.(config) !== true) return undefined;
  return command && isRead(command, options) ? { command, args: lead.args } : undefined;
}

/** `commands.text: false` leaves the platform's menu, and `/stop`: a runaway answer can always be stopped. */
function isRead(command: Command | undefined, { typed, config }: ReadOptions): boolean {
  return !typed || config.commands?.text !== false || command?.name === "stop";
}

/** `/help model`, `/commands 2` are; `/think high, how are you?` and `/status and how are you?` are messages. */
function isWhole({ command, args }: { command: Command; args: string }, { index, config }: ReadOptions): boolean {
  if (isDirective(command)) return command.read(args, modelNames(config)) === undefined;
  if (!isShortcut(command) || args === "") return true;
  if (command.name === "commands") return /^\d+$/.test(args);
  return command.name === "help" && index.find(args.replace(/^\//, "")) !== undefined;
}

function scan(text: string, { index, config, own }: ReadOptions): { tokens: InlineToken[]; rest: string } {
  const names = modelNames(config);
  const tokens: InlineToken[] = [];
  const rest = takeInlineTokens(text, (name, behind, owner) => {
    const forUs = !owner || !own?.handle || owner.toLowerCase() === own.handle.toLowerCase();
    const read = forUs ? readToken(name, behind, index, names) : undefined;
    if (read) tokens.push(read.token);
    return read?.length;
  });
  return { tokens, rest };
}

function readToken(
  name: string,
  behind: string,
  index: CommandIndex,
  names: ModelNames,
): { token: InlineToken; length: number } | undefined {
  const command = index.find(name);
  if (!command) {
    const [model, reference] = [index.find("model"), names.aliases.get(name)];
    return model && reference
      ? { token: { command: model, args: name, overrides: { model: reference } }, length: 0 }
      : undefined;
  }
  if (isShortcut(command)) return { token: { command, args: "" }, length: 0 };
  const read = isDirective(command) ? command.read(behind, names) : undefined;
  return (
    read && {
      token: { command, args: behind.slice(0, read.length).trim().replace(/:$/, ""), overrides: read.overrides },
      length: read.length,
    }
  );
}
