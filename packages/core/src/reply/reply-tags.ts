import { outsideCode } from "./outside-code.ts";

export interface ReplyTags {
  /** The text without tags. */
  text: string;
  /** `[[reply_to_current]]` */
  replyToCurrent: boolean;
  /** `[[reply_to:<id>]]`, the last one. Wins over `replyToCurrent`. */
  replyToId?: string;
  /** `[[audio_as_voice]]` */
  audioAsVoice: boolean;
}

const tag =
  /[ \t]*\[\[[ \t]*(?:(reply_to_current)|reply_to[ \t]*:[ \t]*([^\]\n]{1,256}?)|(audio_as_voice))[ \t]*\]\]/gi;

/** Reads the tags that models put into replies. Tags in code are text. */
export function parseReplyTags(text: string): ReplyTags {
  const found: ReplyTags = { text, replyToCurrent: false, audioAsVoice: false };
  if (!text.includes("[[")) return found;
  found.text = outsideCode(text, (part) =>
    part.replaceAll(tag, (_match, current?: string, id?: string, voice?: string) => {
      if (current) found.replyToCurrent = true;
      if (id) found.replyToId = id;
      if (voice) found.audioAsVoice = true;
      return "";
    }),
  ).trim();
  return found;
}

const partialTag = /\[(?:\[[^\]\n]{0,280}\]?)?$/;

/** Where text that is still being written ends in what may become a tag. Show only what stands before. */
export function incompleteTagAt(text: string): number {
  const match = partialTag.exec(text);
  if (!match) return text.length;
  const inner = match[0]
    .replace(/^\[\[?/, "")
    .trim()
    .toLowerCase();
  const possible = ["reply_to_current", "reply_to", "audio_as_voice"].some(
    (name) => name.startsWith(inner) || inner.startsWith(name),
  );
  return possible ? match.index : text.length;
}

export interface ReplyThreading {
  /** `replyToMode` of the channel or account. */
  mode: "off" | "first" | "all";
  /** The message that started the turn. */
  currentMessageId?: string;
  tags: Pick<ReplyTags, "replyToCurrent" | "replyToId">;
  /** Message number in this reply, from 0. */
  index: number;
  /** Slack: tags count even when the mode is off. */
  tagsAlways?: boolean;
}

/** The message that one outgoing message replies to. */
export function replyTarget({
  mode,
  currentMessageId,
  tags,
  index,
  tagsAlways = false,
}: ReplyThreading): string | undefined {
  const tagged = tags.replyToId ?? (tags.replyToCurrent ? currentMessageId : undefined);
  if (mode === "off") return tagsAlways ? tagged : undefined;
  if (mode === "first" && index > 0) return undefined;
  return tagged ?? currentMessageId;
}
