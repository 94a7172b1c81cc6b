import type { ReasonCode } from "./decision.ts";

export interface MentionFacts {
  /** From `mentionRequired`. */
  required: boolean;
  /** The session's `/activation`, only to name it in the reason. */
  activation?: "mention" | "always";
  text: string;
  /** From `compileMentionPatterns`. */
  patterns: readonly RegExp[];
  /** The platform marked us as addressed. */
  native?: boolean;
  /** The platform can mark mentions at all. Default true. */
  canDetectNative?: boolean;
  /** The message replies to one of ours. */
  replyToSelf?: boolean;
  /** Our own number writes: native mentions mean nothing then. */
  selfChat?: boolean;
  /** An authorised control command. */
  command?: boolean;
  /** The text mentions somebody else. */
  mentionsOthers?: boolean;
}

export interface MentionDecision {
  /** `context`: not answered, kept as pending history. */
  action: "respond" | "context";
  reason: ReasonCode;
  /** Whether we were addressed at all, needed or not; decides ack reactions and typing. */
  mentioned: boolean;
}

/** Whether a group message addresses us. */
export function decideMention(facts: MentionFacts): MentionDecision {
  const reason = howMentioned(facts);
  const mentioned = reason !== undefined;
  if (!facts.required) {
    return {
      action: "respond",
      reason: facts.activation === "always" ? "mention-activation" : "mention-not-needed",
      mentioned,
    };
  }
  if (reason) return { action: "respond", reason, mentioned };
  if (facts.command && !facts.mentionsOthers) return { action: "respond", reason: "mention-command", mentioned };
  const detectable = (facts.canDetectNative !== false && !facts.selfChat) || facts.patterns.length > 0;
  return detectable
    ? { action: "context", reason: "mention-missing", mentioned }
    : { action: "respond", reason: "mention-undetectable", mentioned };
}

function howMentioned(facts: MentionFacts): ReasonCode | undefined {
  if (facts.native && !facts.selfChat) return "mention-native";
  if (matchesMention(facts.text, facts.patterns)) return "mention-pattern";
  return facts.replyToSelf ? "mention-reply" : undefined;
}

export interface MentionPatternSources {
  /** `agents.list[].groupChat.mentionPatterns`; wins when set, even empty. */
  agent?: readonly string[];
  /** `messages.groupChat.mentionPatterns`. */
  messages?: readonly string[];
  /** Stands in when neither is set. */
  identity?: { name?: string; emoji?: string };
}

/** Patterns as regular expressions, case-insensitive. Those that do not compile come back in `invalid`. */
export function compileMentionPatterns(sources: MentionPatternSources): { patterns: RegExp[]; invalid: string[] } {
  const configured = sources.agent ?? sources.messages;
  const patterns: RegExp[] = [];
  const invalid: string[] = [];
  for (const source of configured ?? derived(sources.identity)) {
    if (source.trim() === "") continue;
    try {
      patterns.push(new RegExp(source, "iu"));
    } catch {
      try {
        patterns.push(new RegExp(source, "i"));
      } catch {
        invalid.push(source);
      }
    }
  }
  return { patterns, invalid };
}

export function matchesMention(text: string, patterns: readonly RegExp[]): boolean {
  const plain = withoutZeroWidth(text);
  return patterns.some((pattern) => pattern.test(plain));
}

/** The text without our mentions, so that `@bot /new` is read as a command. `names`: native forms such as `@my_bot`. */
export function stripMentions(text: string, patterns: readonly RegExp[], names: readonly string[] = []): string {
  let out = withoutZeroWidth(text);
  for (const name of names) {
    if (name !== "") out = out.replaceAll(new RegExp(`${escape(name)}(?![\\p{L}\\p{N}_])`, "giu"), " ");
  }
  for (const pattern of patterns) out = out.replaceAll(new RegExp(pattern.source, `${pattern.flags}g`), " ");
  return out.replaceAll(/[ \t]{2,}/g, " ").trim();
}

function derived(identity: { name?: string; emoji?: string } | undefined): string[] {
  const name = identity?.name?.trim().split(/\s+/).map(escape).join("\\s+");
  const emoji = identity?.emoji?.trim();
  return [...(name ? [`(?<![\\p{L}\\p{N}_])@?${name}(?![\\p{L}\\p{N}_])`] : []), ...(emoji ? [escape(emoji)] : [])];
}

const withoutZeroWidth = (text: string) => text.replaceAll(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "");
const escape = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
