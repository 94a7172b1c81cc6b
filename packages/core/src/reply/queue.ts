export type QueueMode = "steer" | "followup" | "collect" | "steer-backlog" | "interrupt";
export type QueueDrop = "old" | "new" | "summarize";

export interface QueueSettings {
  mode: QueueMode;
  /** Rest before queued messages are taken up, ms. */
  debounceMs: number;
  /** Most messages that wait. */
  cap: number;
  drop: QueueDrop;
}

export const DEFAULT_QUEUE: QueueSettings = { mode: "collect", debounceMs: 1000, cap: 20, drop: "summarize" };

/** The part of `messages.queue` and of a session entry that decides. */
export interface QueueLayers {
  /** `/queue` in the message itself. */
  inline?: Partial<QueueSettings>;
  /** `queueMode`, `queueDebounceMs`, `queueCap`, `queueDrop` of the session. */
  session?: { queueMode?: string; queueDebounceMs?: number; queueCap?: number; queueDrop?: string };
  config?: {
    mode?: string;
    debounceMs?: number;
    cap?: number;
    drop?: string;
    byChannel?: Readonly<Record<string, string>>;
  };
  channel?: string;
}

/** Inline over session over channel over general. Names that do not exist are passed over. */
export function resolveQueue({ inline, session, config, channel }: QueueLayers): QueueSettings {
  const byChannel = channel === undefined ? undefined : config?.byChannel?.[channel];
  return {
    mode:
      inline?.mode ??
      parseQueueMode(session?.queueMode) ??
      parseQueueMode(byChannel) ??
      parseQueueMode(config?.mode) ??
      DEFAULT_QUEUE.mode,
    debounceMs: number(inline?.debounceMs, session?.queueDebounceMs, config?.debounceMs) ?? DEFAULT_QUEUE.debounceMs,
    cap: Math.max(1, number(inline?.cap, session?.queueCap, config?.cap) ?? DEFAULT_QUEUE.cap),
    drop: inline?.drop ?? parseQueueDrop(session?.queueDrop) ?? parseQueueDrop(config?.drop) ?? DEFAULT_QUEUE.drop,
  };
}

const modes: Readonly<Record<string, QueueMode>> = {
  steer: "steer",
  queue: "steer",
  followup: "followup",
  "follow-up": "followup",
  collect: "collect",
  "steer-backlog": "steer-backlog",
  "steer+backlog": "steer-backlog",
  interrupt: "interrupt",
};

export function parseQueueMode(name: string | undefined): QueueMode | undefined {
  return name === undefined ? undefined : modes[name.trim().toLowerCase()];
}

export function parseQueueDrop(name: string | undefined): QueueDrop | undefined {
  const wanted = name?.trim().toLowerCase();
  if (wanted === "old" || wanted === "new") return wanted;
  return wanted === "summarize" || wanted === "summarise" ? "summarize" : undefined;
}

export interface QueuedMessage {
  text: string;
  /** Of the platform; the same id on the same route is one message. */
  messageId?: string;
  /** Where the reply goes: messages for different places are never answered together. */
  route: string;
}

export interface Queue<Message extends QueuedMessage = QueuedMessage> {
  messages: readonly Message[];
  /** First lines of what was dropped, for the summary. */
  dropped: readonly string[];
  droppedCount: number;
}

export const emptyQueue: Queue<never> = { messages: [], dropped: [], droppedCount: 0 };

/** Adds a message under the cap. `outcome` says what became of it. */
export function enqueue<Message extends QueuedMessage>(
  queue: Queue<Message>,
  message: Message,
  { cap, drop }: Pick<QueueSettings, "cap" | "drop">,
): { queue: Queue<Message>; outcome: "queued" | "duplicate" | "refused" } {
  const known =
    message.messageId !== undefined &&
    queue.messages.some((one) => one.messageId === message.messageId && one.route === message.route);
  if (known) return { queue, outcome: "duplicate" };
  if (queue.messages.length < cap)
    return { queue: { ...queue, messages: [...queue.messages, message] }, outcome: "queued" };
  if (drop === "new") return { queue, outcome: "refused" };
  const surplus = queue.messages.slice(0, queue.messages.length + 1 - cap);
  const messages = [...queue.messages.slice(surplus.length), message];
  if (drop === "old") return { queue: { ...queue, messages }, outcome: "queued" };
  const lines = surplus.map((one) => firstLine(one.text));
  return {
    queue: {
      messages,
      dropped: [...queue.dropped, ...lines].slice(-cap),
      droppedCount: queue.droppedCount + surplus.length,
    },
    outcome: "queued",
  };
}

/** The messages that one turn answers together: in `collect`, those for the first one's route, up to another route. */
export function takeBatch<Message extends QueuedMessage>(
  queue: Queue<Message>,
  mode: QueueMode,
): { batch: Message[]; rest: Queue<Message> } {
  const route = queue.messages[0]?.route;
  const other = mode === "collect" ? queue.messages.findIndex((message) => message.route !== route) : 1;
  const count = other < 0 ? queue.messages.length : other;
  return {
    batch: queue.messages.slice(0, count),
    rest: { messages: queue.messages.slice(count), dropped: [], droppedCount: 0 },
  };
}

/** What the model reads for a batch, with the summary of what was dropped. */
export function batchText(batch: readonly QueuedMessage[], queue: Pick<Queue, "dropped" | "droppedCount">): string {
  const parts: string[] = [];
  if (queue.droppedCount > 0) {
    const lines = queue.dropped.map((line) => `- ${line}`).join("\n");
    parts.push(
      `[Queue overflow] Dropped ${queue.droppedCount} ${queue.droppedCount === 1 ? "message" : "messages"}:\n${lines}`,
    );
  }
  const [only] = batch;
  if (batch.length === 1 && only) parts.push(only.text);
  else if (batch.length > 1) {
    const items = batch.map((message, index) => `---\nQueued #${index + 1}\n${message.text}`);
    parts.push(`[Queued messages while agent was busy]\n\n${items.join("\n\n")}`);
  }
  return parts.join("\n\n");
}

function number(...values: (number | undefined)[]): number | undefined {
  return values.find((value) => value !== undefined && Number.isFinite(value) && value >= 0);
}

function firstLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= 160 ? line : `${line.slice(0, 159).replace(/[\ud800-\udbff]$/, "")}…`;
}
