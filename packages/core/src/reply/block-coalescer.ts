import type { Clock } from "../clock.ts";

/** Part of a reply on its way out. */
export interface ReplyBlock {
  text: string;
  media?: readonly string[];
  /** Message that it replies to. */
  replyTo?: string;
  /** Audio goes out as a voice note. */
  voice?: boolean;
}

export interface BlockCoalescerOptions {
  clock: Clock;
  /** Rest after which gathered text goes out. Default 1000. */
  idleMs?: number;
  /** Less than this waits for more, or for the end. Default 800; 1500 is usual for Discord, Slack and Signal. */
  minChars?: number;
  /** The channel's text limit. */
  maxChars: number;
  /** Between joined blocks: an empty line (default), a line break or a space. */
  joiner?: "\n\n" | "\n" | " ";
  /** Chunk mode `newline`: nothing is gathered. */
  flushOnEnqueue?: boolean;
  emit: (block: ReplyBlock) => void;
}

/** Joins small blocks into messages. Order is kept; media and blocks for another target end what was gathered. */
export interface BlockCoalescer {
  enqueue(block: ReplyBlock): void;
  /** The reply is over: what is left goes out. */
  flush(): void;
  /** Drops what is left and the timer. */
  stop(): void;
}

export function createBlockCoalescer(options: BlockCoalescerOptions): BlockCoalescer {
  const { clock, idleMs = 1000, maxChars, joiner = "\n\n", flushOnEnqueue = false, emit } = options;
  const minChars = Math.min(options.minChars ?? 800, maxChars);
  let gathered: ReplyBlock | undefined;
  let cancel: (() => void) | undefined;

  function flush(): void {
    cancel?.();
    cancel = undefined;
    const block = gathered;
    gathered = undefined;
    if (block && block.text.trim() !== "") emit(block);
  }

  function restart(): void {
    cancel?.();
    cancel = clock.after(idleMs, () => {
      cancel = undefined;
      if (gathered && gathered.text.length >= minChars) flush();
    });
  }

  return {
    enqueue(block) {
      if (block.media && block.media.length > 0) {
        flush();
        emit(block);
        return;
      }
      if (block.text.trim() === "") return;
      if (flushOnEnqueue) {
        flush();
        emit(block);
        return;
      }
      const sameTarget =
        gathered && gathered.replyTo === block.replyTo && Boolean(gathered.voice) === Boolean(block.voice);
      const joined = gathered && gathered.text.length + joiner.length + block.text.length;
      if (!sameTarget || (joined !== undefined && joined > maxChars)) flush();
      gathered = gathered ? { ...gathered, text: gathered.text + joiner + block.text } : block;
      if (gathered.text.length >= maxChars) flush();
      else restart();
    },
    flush,
    stop() {
      cancel?.();
      cancel = undefined;
      gathered = undefined;
    },
  };
}
