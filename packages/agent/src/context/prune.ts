import type { StoredMessage } from "@openclaw/core/sessions";
import { keepHead, keepTail } from "../tools/text-limit.ts";
import { CHARS_PER_TOKEN } from "./estimate.ts";
import type { PruningSettings } from "./settings.ts";
import { blocksOf, stringOf, textOf, type TextBlock } from "./stored-text.ts";

export interface PruneOptions {
  settings: PruningSettings;
  /** Tokens. */
  contextWindow: number;
  /**
   * `cache-ttl`: when the cache was last found expired, epoch ms. Only what stood there by then is pruned, so that the
   * prompt stays the same, and cached, until the next time. Undefined: it never was.
   */
  cacheExpiredAt?: number;
}

/** An image weighs as much as this many characters. */
const IMAGE_CHARS = 6400;

/**
 * Leaves old tool results out, as the mode says. Messages of people and models are never touched, nor results that show
 * an image, nor anything before the first user message or after the last `keepLastAssistants` answers. The stored
 * conversation stays whole: messages that change are copies.
 */
export function pruneMessages<M extends StoredMessage>(messages: readonly M[], options: PruneOptions): M[] {
  const { settings, contextWindow } = options;
  const eligible = eligibleResults(messages, options);
  if (eligible.length === 0) return [...messages];
  const pruned = [...messages];
  if (settings.mode === "aggressive") {
    for (const index of eligible) pruned[index] = cleared(pruned[index]!, settings);
    return pruned;
  }

  const windowChars = contextWindow * CHARS_PER_TOKEN;
  let chars = messages.reduce((sum, message) => sum + messageChars(message), 0);
  const replace = (index: number, next: M) => {
    chars += messageChars(next) - messageChars(pruned[index]!);
    pruned[index] = next;
  };
  if (chars / windowChars <= settings.softTrimRatio) return pruned;
  for (const index of eligible) replace(index, trimmed(pruned[index]!, settings.softTrim));

  const prunable = eligible.reduce((sum, index) => sum + messageChars(pruned[index]!), 0);
  if (!settings.hardClear.enabled || prunable < settings.minPrunableToolChars) return pruned;
  for (const index of eligible) {
    if (chars / windowChars <= settings.hardClearRatio) break;
    replace(index, cleared(pruned[index]!, settings));
  }
  return pruned;
}

/** Indexes of results that may be pruned, oldest first. */
function eligibleResults(messages: readonly StoredMessage[], { settings, cacheExpiredAt }: PruneOptions): number[] {
  const { mode, keepLastAssistants, tools } = settings;
  if (mode === "off" || (mode === "cache-ttl" && cacheExpiredAt === undefined)) return [];
  const seen = (message: StoredMessage) => mode !== "cache-ttl" || (message.timestamp ?? 0) <= (cacheExpiredAt ?? 0);
  const first = messages.findIndex(({ role }) => role === "user");
  if (first < 0) return [];
  let end = messages.length;
  for (let left = keepLastAssistants; left > 0; left--) {
    do end--;
    while (end >= 0 && !(messages[end]!.role === "assistant" && seen(messages[end]!)));
    if (end < 0) return [];
  }
  const allowed = toolFilter(tools);
  return messages.flatMap((message, index) =>
    index > first &&
    index < end &&
    message.role === "toolResult" &&
    seen(message) &&
    !hasImage(message) &&
    allowed(stringOf(message["toolName"]))
      ? [index]
      : [],
  );
}

/** Beginning and end of a longer result, with a note between and behind them. */
export function trimmed<M extends StoredMessage>(
  message: M,
  { maxChars, headChars, tailChars }: PruningSettings["softTrim"],
): M {
  const text = textOf(message);
  if (text.length <= maxChars || headChars + tailChars >= text.length) return message;
  const short = `${keepHead(text, headChars).text}\n...\n${keepTail(text, tailChars).text}\n\n[Tool result trimmed: the first ${headChars} and last ${tailChars} of ${text.length} characters are shown.]`;
  return { ...message, content: [{ type: "text", text: short }] };
}

function cleared<M extends StoredMessage>(message: M, { hardClear }: PruningSettings): M {
  const { placeholder } = hardClear;
  return textOf(message).length <= placeholder.length
    ? message
    : { ...message, content: [{ type: "text", text: placeholder }] };
}

function toolFilter({ allow, deny }: PruningSettings["tools"]): (name: string) => boolean {
  const [allowed, denied] = [allow.map(glob), deny.map(glob)];
  return (name) => {
    const lower = name.toLowerCase();
    return !denied.some((test) => test(lower)) && (allowed.length === 0 || allowed.some((test) => test(lower)));
  };
}

function glob(pattern: string): (name: string) => boolean {
  const parts = pattern.trim().toLowerCase().split("*");
  const expression = new RegExp(
    `^${parts.map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)).join(".*")}$`,
  );
  return (name) => expression.test(name);
}

const hasImage = (message: StoredMessage) => blocksOf(message).some(({ type }) => type === "image");

function messageChars(message: StoredMessage): number {
  if (typeof message.content === "string") return message.content.length;
  return blocksOf(message).reduce((sum, block) => sum + blockChars(block), 0);
}

function blockChars(block: TextBlock): number {
  if (block.type === "image") return IMAGE_CHARS;
  if (block.type === "text") return block.text?.length ?? 0;
  return JSON.stringify(block).length;
}
