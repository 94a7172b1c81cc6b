import type { TurnResult, Workplace } from "@openclaw/agent";
import type { Log, OutboundMedia } from "@openclaw/core";
import type { ChannelConfigBase, OpenClawConfig } from "@openclaw/core/config";
import type { Paths } from "@openclaw/core/paths";
import {
  isSilentReply,
  parseMediaLines,
  parseReplyTags,
  replyTarget,
  resolveResponsePrefix,
  stripHeartbeatToken,
  withResponsePrefix,
} from "@openclaw/core/reply";
import type { ChannelManager } from "../channels/manager.ts";
import { isExchangeToken } from "../session-tools/exchange.ts";
import type { TurnRequest } from "../store/turns.ts";
import type { ShapedReply } from "../turns/turn-runner.ts";
import { resolveOutboundMedia } from "./outbound-media.ts";
import { afterStreamed } from "./after-streamed.ts";
import { splitReply } from "./split-reply.ts";

export interface ShapeOptions {
  config: OpenClawConfig;
  channels: ChannelManager;
  paths: Paths;
  log: Log;
  /** Where the session's files are; asked for when the answer names one. */
  workplace(): Promise<Workplace>;
  /** Parts of this answer that are in the ledger already, in order. */
  streamed: readonly string[];
  /** Last line of what is said, e.g. the tokens it took. */
  footer?: string;
  /** Name the agent gave itself, asked for when a prefix shows it. */
  identityName?(): Promise<string | undefined>;
}

type Answer = Pick<TurnResult, "payloads" | "provider" | "model">;

/**
 * What people see of an answer, and the ledger rows that bring it to its chat: silent tokens, reply tags and media lines
 * read, prefix put in front, text cut to the platform's limits.
 */
export async function shapeReply(request: TurnRequest, answer: Answer, options: ShapeOptions): Promise<ShapedReply> {
  const whole = answer.payloads
    .map(({ text }) => stripHeartbeatToken(text).text)
    .filter(Boolean)
    .join("\n\n");
  const tags = parseReplyTags(whole);
  const { text: words, media: sources } = parseMediaLines(tags.text);
  const visible = isSilentReply(words) || isExchangeToken(request, words) ? "" : withFooter(words, options.footer);
  const wanted = [...answer.payloads.flatMap(({ mediaUrls = [] }) => mediaUrls), ...sources];
  const { route, runId, sessionKey } = request;
  if (!route) return { rows: [], text: visible || undefined };

  const running = options.channels.find(route.channel, route.account);
  const rules = (running?.account.config ?? {}) as ChannelConfigBase & { replyToMode?: string };
  const prefix = await prefixOf(request, answer, rules, options);
  const { media, problems } = await loadMedia(
    wanted,
    tags.audioAsVoice,
    options,
    running?.definition.limits.mediaBytes,
  );
  const left = afterStreamed(visible, withoutPrefix(options.streamed, prefix));
  const said = left && prefix && options.streamed.length === 0 ? withResponsePrefix(left, prefix) : left;
  const body = [said, ...problems].filter(Boolean).join("\n\n");
  const parts: { text?: string; media?: OutboundMedia }[] = [
    ...(body === ""
      ? []
      : running
        ? splitReply({ text: body, limits: running.definition.limits, config: rules })
        : [body]
    ).map((text) => ({ text })),
    ...media.map((item) => ({ media: item })),
  ];
  return {
    text: visible || undefined,
    rows: parts.map((part, index) => {
      const seq = options.streamed.length + index;
      const replyTo = replyTarget({
        mode: route.replyToMode ?? "off",
        currentMessageId: route.replyTo,
        tags,
        index: seq,
      });
      return {
        turnId: runId,
        seq,
        sessionKey,
        channel: route.channel,
        account: route.account,
        target: route.target,
        purpose: "reply" as const,
        message: { ...part, ...(replyTo ? { replyTo } : {}) },
      };
    }),
  };
}

/** Answers in a chat with oneself carry a name, so that both sides can be told apart. */
async function prefixOf(
  { route, thinking }: TurnRequest,
  { model, provider }: Answer,
  rules: ChannelConfigBase,
  { config, identityName }: ShapeOptions,
): Promise<string> {
  const template = rules.responsePrefix ?? config.messages?.responsePrefix ?? (route?.selfChat ? "auto" : "");
  if (template === "") return "";
  const name = /^auto$|identity/i.test(template) ? await identityName?.() : undefined;
  const prefix = resolveResponsePrefix(
    { account: template },
    { model, provider, thinkingLevel: thinking, identityName: name },
  );
  return prefix === "" && route?.selfChat && template === "auto" ? "[openclaw]" : prefix;
}

/** The parts as the model wrote them: the first one carries the prefix. */
function withoutPrefix([first, ...rest]: readonly string[], prefix: string): string[] {
  if (first === undefined) return [];
  return [prefix && first.startsWith(prefix) ? first.slice(prefix.length) : first, ...rest];
}

const withFooter = (text: string, footer: string | undefined) =>
  text === "" || footer === undefined ? text : `${text}\n\n${footer}`;

const DEFAULT_MEDIA_BYTES = 20 * 1024 * 1024;

/** A file that cannot be sent is said in the reply; it does not hold the words back. */
async function loadMedia(
  sources: readonly string[],
  voice: boolean,
  { paths, workplace, log }: ShapeOptions,
  limit = DEFAULT_MEDIA_BYTES,
) {
  const media: OutboundMedia[] = [];
  const problems: string[] = [];
  for (const source of sources) {
    try {
      media.push(
        await resolveOutboundMedia({
          source,
          workplace: await workplace(),
          mediaDir: paths.mediaDir,
          maxBytes: limit,
          voice,
        }),
      );
    } catch (error) {
      log.warn(`a file was not sent: ${String(error)}`);
      problems.push(`⚠️ ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { media, problems };
}
