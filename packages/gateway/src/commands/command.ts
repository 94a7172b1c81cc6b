import type { OpenClawConfig } from "@openclaw/core/config";
import type { GatewayContext } from "../gateway-context.ts";
import type { TurnOverrides } from "./directives/turn-overrides.ts";

/** Who gave a command, and where. */
export interface CommandInput {
  /** Canonical key of the session it acts on. */
  sessionKey: string;
  /** `webchat` for the dashboard and other RPC clients. */
  channel: string;
  account?: string;
  target?: string;
  /** The chat it was written in; allowlists of groups belong to one. */
  chatId?: string;
  chatKind: "direct" | "group" | "channel";
  senderId: string;
  senderName?: string;
  /** Every form in which a list may name the sender. Default: `senderId`. */
  senderIds?: readonly string[];
  /** Named by an owner list, or an administrator's client: may change what outlives the conversation. */
  owner: boolean;
}

export interface CommandResult {
  reply: string;
  /** A message that goes on to the agent after the command did its work (`/new write a poem`). */
  continueWith?: string;
}

export interface Command {
  /** Without the slash; `[a-z0-9_]`, because it is the name in platform menus too. */
  name: string;
  aliases?: readonly string[];
  /** One line for help and for a platform's command menu. */
  description: string;
  /** Shown in help behind the name, e.g. `[text]`. */
  args?: string;
  /** Where help lists it. */
  section: "Conversation" | "Model and answers" | "This chat" | "Information" | "Administration";
  /** False: switched off by the configuration; not in help or menus, and refused with `switch` named. */
  enabled?(config: OpenClawConfig): boolean;
  /** The key that switches it on. */
  switch?: string;
  ownerOnly?: boolean;
  run(args: string, input: CommandInput, context: GatewayContext): CommandResult | Promise<CommandResult>;
}

/**
 * A command about how answers are made. By itself it changes the session; inside a message it is taken out of the text
 * and holds for that message.
 */
export interface Directive extends Command {
  /** Reads its argument at the start of what follows the name. Undefined: this is no argument of it, so leave the text. */
  read(text: string, names: ModelNames): { overrides: TurnOverrides; length: number } | undefined;
  /** Why a value cannot be had by this person or here; undefined when it can. Asked before a message uses it. */
  refuse?(
    overrides: TurnOverrides,
    input: CommandInput,
    context: GatewayContext,
  ): string | undefined | Promise<string | undefined>;
}

/** What a model may be called in a message, without asking anybody. */
export interface ModelNames {
  /** Alias in lower case to `provider/model`. */
  aliases: ReadonlyMap<string, string>;
}

/** Answers that a message also asks for with `/status` and the like inside it. */
export type Shortcut = Command & { shortcut: true };

/** The commands there are, for those that speak about them. */
export interface CommandIndex {
  /** By name or alias, switched off ones included. */
  find(name: string): Command | undefined;
  /** Those that this configuration allows, in the order menus show them. */
  available(config: OpenClawConfig): readonly Command[];
}

export const isDirective = (command: Command): command is Directive => "read" in command;
export const isShortcut = (command: Command): command is Shortcut => "shortcut" in command;
