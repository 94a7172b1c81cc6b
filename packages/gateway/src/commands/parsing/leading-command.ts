import { stripMentions } from "@openclaw/core/access";

/** How people and the platform call us. */
export interface OwnNames {
  /** From `compileMentionPatterns`. */
  patterns: readonly RegExp[];
  /** Our handle on the platform, `@my_bot`; undefined where it is not known. */
  handle?: string;
}

export interface LeadingCommand {
  /** Lower case, without slash. */
  name: string;
  args: string;
}

const LONGEST_NAME = 64;

/**
 * The command a message begins with, our mentions before it passed over: `/name args`, `/name: args`, `/name@us args`.
 * A command that names another bot is none.
 */
export function leadingCommand(
  text: string,
  { patterns, handle }: OwnNames = { patterns: [] },
): LeadingCommand | undefined {
  const trimmed = text.trim();
  // A shell command begins with a mark of its own; `!` alone and `! ls` are a cry and a command.
  const shell = /^!(\s*\S[\s\S]*)$/.exec(trimmed);
  if (shell) return { name: "!", args: (shell[1] ?? "").trim() };
  const body =
    trimmed.startsWith("/") || !/(?:^|\s)\//.test(trimmed)
      ? trimmed
      : withoutLeadingMentions(trimmed, patterns, handle);
  const match = /^\/([a-z0-9][a-z0-9_.-]*)(@[a-z0-9_]+)?(?::|(?=\s|$))/i.exec(body);
  const [head = "", name = "", owner] = match ?? [];
  if (!match || name.length > LONGEST_NAME) return undefined;
  if (owner && handle && owner.toLowerCase() !== handle.toLowerCase()) return undefined;
  return { name: name.toLowerCase(), args: body.slice(head.length).trim() };
}

/** The text behind our mentions, when nothing else stands before the first slash. */
function withoutLeadingMentions(text: string, patterns: readonly RegExp[], handle?: string): string {
  const slash = /(?:^|\s)\//.exec(text);
  if (!slash) return text;
  const at = slash.index + slash[0].length - 1;
  return isOnlyMentions(text.slice(0, at), { patterns, handle }) ? text.slice(at) : text;
}

/** Nothing is left of the text once our mentions and the punctuation around them are taken away. */
export function isOnlyMentions(text: string, { patterns, handle }: OwnNames): boolean {
  return /^[\s,:;.!]*$/.test(stripMentions(text, patterns, handle ? [handle] : []));
}
