import type { Clock } from "@openclaw/core";
import type { ChannelConfigBase, OpenClawConfig } from "@openclaw/core/config";
import {
  type BlockChunker,
  type BlockCoalescer,
  createBlockChunker,
  createBlockCoalescer,
  humanDelayMs,
  maybeSilent,
  parseMediaLines,
  parseReplyTags,
  replyTarget,
  withResponsePrefix,
} from "@openclaw/core/reply";
import type { ChannelManager } from "../channels/manager.ts";
import type { RunningAccount } from "../channels/running-account.ts";
import type { ReplyRoute, TurnRequest } from "../store/turns.ts";
import type { Deliverer } from "./deliverer.ts";

export interface BlockStreamsOptions {
  config(): OpenClawConfig;
  channels: ChannelManager;
  deliverer: Deliverer;
  clock: Clock;
  /** Whether parts of the turn's answer are in the ledger: an earlier process streamed them. */
  hasParts(runId: string): boolean;
  random?: () => number;
}

/** Sends finished parts of an answer while the rest is being written, where the configuration wants that. */
export interface BlockStreams {
  /** `text`: everything the current message of the turn says so far. */
  write(request: TurnRequest, text: string): void;
  /** The answer is complete: everything written becomes rows of the ledger now. */
  finish(runId: string): void;
  /** The turn was stopped: what is not a row yet is dropped. */
  drop(runId: string): void;
}

interface Stream {
  /** Text of the current message that was handed to the chunker. */
  written: string;
  chunker: BlockChunker;
  coalescer: BlockCoalescer;
  /** `text_end`: a finished message is flushed; `message_end`: only the end of the turn is. */
  flushesMessages: boolean;
}

type Rules = ChannelConfigBase & {
  blockStreaming?: boolean;
  chunkMode?: "length" | "newline";
  textChunkLimit?: number;
};

export function createBlockStreams({
  config,
  channels,
  deliverer,
  clock,
  hasParts,
  random = Math.random,
}: BlockStreamsOptions): BlockStreams {
  const streams = new Map<string, Stream>();

  function open(request: TurnRequest, route: ReplyRoute, account: RunningAccount): Stream {
    const defaults = config().agents?.defaults;
    const rules = account.account.config as Rules;
    const limit = Math.min(rules.textChunkLimit ?? account.definition.limits.text, account.definition.limits.text);
    const chunk = defaults?.blockStreamingChunk;
    const maxChars = Math.min(chunk?.maxChars ?? 1_200, limit);
    const coalesce = { ...defaults?.blockStreamingCoalesce, ...rules.blockStreamingCoalesce };
    let seq = 0;
    let notBefore = 0;
    const coalescer = createBlockCoalescer({
      clock,
      idleMs: coalesce.idleMs,
      minChars: coalesce.minChars ?? chunk?.minChars,
      maxChars: Math.min(coalesce.maxChars ?? limit, limit),
      flushOnEnqueue: rules.chunkMode === "newline",
      emit({ text }) {
        const tags = parseReplyTags(text);
        const words = parseMediaLines(tags.text).text;
        if (words.trim() === "") return;
        const prefix = seq === 0 ? fixedPrefix(rules.responsePrefix ?? config().messages?.responsePrefix) : "";
        const replyTo = replyTarget({
          mode: route.replyToMode ?? "off",
          currentMessageId: route.replyTo,
          tags,
          index: seq,
        });
        notBefore = Math.max(notBefore, clock.now()) + humanDelayMs(defaults?.humanDelay, seq, random);
        deliverer.enqueue([
          {
            turnId: request.runId,
            seq: seq++,
            sessionKey: request.sessionKey,
            channel: route.channel,
            account: route.account,
            target: route.target,
            purpose: "reply",
            notBefore,
            message: { text: prefix ? withResponsePrefix(words, prefix) : words, ...(replyTo ? { replyTo } : {}) },
          },
        ]);
      },
    });
    const chunker = createBlockChunker({
      minChars: chunk?.minChars,
      maxChars,
      breakPreference: chunk?.breakPreference,
      chunkMode: rules.chunkMode,
      emit: (text) => coalescer.enqueue({ text }),
    });
    return { written: "", chunker, coalescer, flushesMessages: defaults?.blockStreamingBreak !== "message_end" };
  }

  function wanted(account: RunningAccount | undefined): account is RunningAccount {
    if (!account) return false;
    const rules = account.account.config as Rules;
    return rules.blockStreaming ?? config().agents?.defaults?.blockStreamingDefault === "on";
  }

  return {
    write(request, text) {
      const { route, runId, exchange } = request;
      // What a step of a conversation between agents says may be a token for the gateway; that shows at its end.
      if (!route || exchange || maybeSilent(text)) return;
      let stream = streams.get(runId);
      if (!stream) {
        const account = channels.find(route.channel, route.account);
        // A resumed turn may put it in other words: only the end of it tells what is left to say.
        if (!wanted(account) || hasParts(runId)) return;
        stream = open(request, route, account);
        streams.set(runId, stream);
      }
      if (!text.startsWith(stream.written)) {
        // The turn's next message began.
        if (stream.flushesMessages) stream.chunker.flush();
        else stream.chunker.push("\n\n");
        stream.written = "";
      }
      stream.chunker.push(text.slice(stream.written.length));
      stream.written = text;
    },
    finish(runId) {
      const stream = streams.get(runId);
      streams.delete(runId);
      stream?.chunker.flush();
      stream?.coalescer.flush();
    },
    drop(runId) {
      streams.get(runId)?.coalescer.stop();
      streams.delete(runId);
    },
  };
}

/** A prefix that names the model is known only when the answer is complete: a streamed one goes without. */
const fixedPrefix = (template: string | undefined) =>
  template === undefined || template === "auto" || template.includes("{") ? "" : template;
