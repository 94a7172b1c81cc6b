export {
  type EnvelopeFacts,
  type EnvelopeOptions,
  formatElapsed,
  formatEnvelope,
  formatRpcEnvelope,
  formatTimestamp,
  fromLabel,
  stripEnvelope,
  withMessageHints,
} from "./envelope.ts";
export { type BlockChunker, type BlockChunkerOptions, createBlockChunker } from "./block-chunker.ts";
export {
  type BlockCoalescer,
  type BlockCoalescerOptions,
  createBlockCoalescer,
  type ReplyBlock,
} from "./block-coalescer.ts";
export { type ChunkOptions, chunkText, paragraphs } from "./chunk-text.ts";
export {
  forwardedBlock,
  type MediaNote,
  mediaNotes,
  quoteBlock,
  threadStarterBlock,
  untrustedMetadataBlock,
} from "./context-blocks.ts";
export { type HumanDelay, humanDelayMs } from "./human-delay.ts";
export { type MediaLines, parseMediaLines } from "./media-lines.ts";
export {
  createPendingHistory,
  type PendingHistory,
  type PendingMessage,
  withPendingHistory,
} from "./pending-history.ts";
export {
  ackEmoji,
  type AckScope,
  TYPING_REFRESH_MS,
  TYPING_TTL_MS,
  type TypingMode,
  typingMode,
  wantsAck,
} from "./presence.ts";
export {
  batchText,
  DEFAULT_QUEUE,
  emptyQueue,
  enqueue,
  parseQueueDrop,
  parseQueueMode,
  type Queue,
  type QueueDrop,
  type QueuedMessage,
  type QueueLayers,
  type QueueMode,
  type QueueSettings,
  resolveQueue,
  takeBatch,
} from "./queue.ts";
export { incompleteTagAt, parseReplyTags, type ReplyTags, replyTarget, type ReplyThreading } from "./reply-tags.ts";
export { type PrefixVariables, resolveResponsePrefix, shortModel, withResponsePrefix } from "./response-prefix.ts";
export {
  HEARTBEAT_TOKEN,
  heartbeatReply,
  isSilentReply,
  maybeSilent,
  SILENT_TOKEN,
  stripHeartbeatToken,
} from "./silent.ts";
export { createSystemEvents, type SystemEvent, type SystemEvents, withSystemEvents } from "./system-events.ts";
export { outsideCode } from "./outside-code.ts";
export { userErrorText } from "./user-error.ts";
export { neutraliseMarkers, wrapUntrusted } from "./untrusted-content.ts";
