import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Inbound } from "@openclaw/core";
import type { Paths } from "@openclaw/core/paths";
import { type QueueSettings, createPendingHistory, resolveQueue } from "@openclaw/core/reply";
import type { TurnOverrides } from "../commands/directives/turn-overrides.ts";
import { handleMessage } from "../commands/handle-message.ts";
import { isBareStopWord } from "../commands/stop-words.ts";
import { splitReply } from "../delivery/split-reply.ts";
import type { GatewayContext } from "../gateway-context.ts";
import type { InboxRow } from "../store/inbox.ts";
import type { NewOutboxRow } from "../store/outbox.ts";
import type { TurnRequest } from "../store/turns.ts";
import { acknowledge } from "./acknowledge.ts";
import { composeMessage, senderName } from "./compose-message.ts";
import { type Verdict, createGate } from "./gate.ts";
import { createGather } from "./gather.ts";
import { fetchInboundMedia } from "./inbound-media.ts";

export interface Pipeline {
  /** Takes a stored event: decides on it, and makes it a turn, a command's answer or nothing. Never throws. */
  take(row: InboxRow): void;
  /** Takes up events that a previous process stored and did not decide on. */
  recover(): void;
}

/** A message from the inbox to its turn: access, route, mention, command, queue. Chats are independent of each other. */
export function createPipeline({ context, paths }: { context: GatewayContext; paths: Paths }): Pipeline {
  const { store, channels, engine, deliverer, sessions, clock, log } = context;
  const gate = createGate(context, paths);
  const history = createPendingHistory();
  const chats = new Map<string, Promise<void>>();
  const gather = createGather(clock, enqueue);

  /** One chat's messages are decided in order. */
  function enqueue(rows: InboxRow[]): void {
    const [first] = rows;
    if (!first) return;
    const chat = `${first.channel}\n${first.account}\n${first.message.chat.id}`;
    const before = chats.get(chat) ?? Promise.resolve();
    const job = before.then(() => decide(rows)).catch((error: unknown) => broken(rows, error));
    chats.set(chat, job);
    void job.then(() => {
      if (chats.get(chat) === job) chats.delete(chat);
    });
  }

  async function decide(rows: InboxRow[]): Promise<void> {
    const row = joinParts(rows);
    const { message } = row;
    const verdict = await gate.judge(row);
    log.debug(`${row.channel} message: ${verdict.action} (${verdict.reason})`, { chat: message.chat.id, sender: message.sender.id });

    switch (verdict.action) {
      case "drop":
        return finish(rows, verdict.reason);
      case "remember":
        history.add(verdict.sessionKey, { sender: senderName(message), text: withFiles(message), timestamp: message.timestamp }, verdict.historyLimit);
        return finish(rows, verdict.reason);
      case "pair":
        return reply(rows, verdict.text, { reason: verdict.reason, purpose: "notice" });
      case "note":
        store.systemEvents.add(verdict.sessionKey, verdict.text, clock.now());
        return finish(rows, verdict.reason);
      case "answer":
        return answer(rows, row, verdict);
    }
  }

  async function answer(rows: InboxRow[], row: InboxRow, verdict: Extract<Verdict, { action: "answer" }>): Promise<void> {
    const { message, channel, account } = row;
    const { sessionKey, agentId } = verdict;
    const { commands } = verdict;
    // A stop word is one while something runs; otherwise it is an answer like any other.
    if (isBareStopWord(commands.text) && commands.authorized && engine.abort(sessionKey, { reason: "stop" }).length > 0) {
      return reply(rows, "⚙️ Agent was aborted.", { reason: "stop-word", sessionKey });
    }
    sessions.resetIfStale(sessionKey, message.chat, channel);
    const handled = await handleMessage(context, {
      ...commands,
      sessionKey,
      channel,
      account,
      target: message.target,
      chatId: message.chat.id,
      chatKind: message.chat.kind,
      senderId: message.sender.id,
      senderName: message.sender.name,
      addressed: message.chat.kind === "direct" || verdict.mentioned,
      hasMedia: (message.media ?? []).length > 0,
    });
    const { forward: body, overrides } = handled;
    if (body === undefined) return handled.reply ? reply(rows, handled.reply, { reason: "command", sessionKey }) : finish(rows, "command");
    if (handled.reply) deliverer.enqueue(replyRows(row, handled.reply, { turnId: `command:${row.id}`, purpose: "reply", sessionKey }));
    if (sessions.sendPolicy(sessionKey) === "deny") {
      return finish(rows, "send-policy");
    }
    acknowledge(channels.find(channel, account), { config: context.config(), message, ...verdict });

    const media = await fetchInboundMedia({
      connection: channels.find(channel, account)?.connection,
      media: message.media ?? [],
      dir: join(paths.mediaDir, "inbound"),
      maxBytes: verdict.mediaMaxBytes,
      log,
    });
    const pending = history.get(sessionKey);
    history.clear(sessionKey);
    const queue = resolveQueue({ inline: ownTurn(overrides), session: sessions.entry(sessionKey), config: context.config().messages?.queue, channel });
    const request: TurnRequest = {
      runId: randomUUID(),
      sessionKey,
      displayKey: sessionKey,
      agentId,
      source: "channel",
      text: composeMessage({ message: { ...message, text: body }, channelLabel: verdict.channelLabel, previousAt: sessions.entry(sessionKey)?.updatedAt, pending, mediaNote: media.note, config: context.config() }),
      body,
      ...(media.images.length > 0 ? { images: media.images } : {}),
      route: { channel, account, target: message.target, ...(verdict.replyToMode === "off" ? {} : { replyTo: message.messageId, replyToMode: verdict.replyToMode }) },
      origin: {
        provider: channel,
        chatType: message.chat.kind,
        label: message.chat.title ?? message.sender.name,
        from: message.sender.id,
      },
      ...(overrides.model ? { model: overrides.model } : {}),
      ...(overrides.thinking ? { thinking: overrides.thinking } : {}),
      ...(overrides.verbose || overrides.reasoning ? { levels: { verbose: overrides.verbose, reasoning: overrides.reasoning } } : {}),
      ...(verdict.extraSystemPrompt ? { extraSystemPrompt: verdict.extraSystemPrompt } : {}),
      inboxIds: rows.map(({ id }) => id),
    };
    const { status } = engine.submit(request, queue);
    if (status === "refused") finish(rows, "queue-full");
  }

  function finish(rows: readonly InboxRow[], reason: string): void {
    store.database.transaction(() => rows.forEach(({ id }) => store.inbox.finish(id, reason)));
  }

  /** Answers without the agent. The inbox row and the reply change hands in one transaction. */
  function reply(rows: InboxRow[], text: string, options: { reason: string; purpose?: "reply" | "notice"; sessionKey?: string }): void {
    const [row] = rows;
    if (!row) return;
    store.database.transaction(() => {
      deliverer.enqueue(replyRows(row, text, { turnId: `inbox:${row.id}`, purpose: options.purpose ?? "reply", sessionKey: options.sessionKey }));
      for (const { id } of rows) store.inbox.finish(id, options.reason);
    });
  }

  function replyRows(row: InboxRow, text: string, options: { turnId: string; purpose: "reply" | "notice"; sessionKey?: string }): NewOutboxRow[] {
    const running = channels.find(row.channel, row.account);
    const parts = running ? splitReply({ text, limits: running.definition.limits, config: running.account.config }) : [text];
    return parts.map((part, seq) => ({
      ...options,
      seq,
      channel: row.channel,
      account: row.account,
      target: row.message.target,
      message: { text: part },
    }));
  }

  /** Keeps the rows as they are: they are looked at again at the next start. */
  function broken(rows: InboxRow[], error: unknown): void {
    log.error(`a message could not be handled: ${String(error)}`, { inbox: rows.map(({ id }) => id), stack: (error as Error).stack });
  }

  return {
    take: gather.add,
    recover() {
      for (const row of store.inbox.pending()) gather.add(row);
    },
  };
}

/** A model or level for one message means a turn of its own: not steered into another, not collected. */
function ownTurn({ queue, ...levels }: TurnOverrides): Partial<QueueSettings> | undefined {
  return Object.keys(levels).length > 0 && queue?.mode !== "interrupt" ? { ...queue, mode: "followup" } : queue;
}

/** Parts are one message: the first one's ids, everybody's files, the words in order (a cut text continues, an album has captions). */
function joinParts(rows: InboxRow[]): InboxRow {
  const [first] = rows;
  if (!first || rows.length === 1) return first as InboxRow;
  const parts = rows.map(({ message }) => message);
  const [words = "", ...more] = parts.map(({ text }) => text);
  const joined = (start: string) => [start, ...more].filter((text) => text !== "").join(first.message.albumId ? "\n" : "");
  const message: Inbound = {
    ...first.message,
    text: joined(words),
    ...(first.message.command === undefined ? {} : { command: joined(first.message.command) }),
    media: parts.flatMap(({ media = [] }) => media),
    mentioned: parts.some(({ mentioned }) => mentioned),
  };
  return { ...first, message };
}

/** A message's words with its files named, for a reader who does not get the files. */
function withFiles({ text, media = [] }: Inbound): string {
  return media.length === 0 ? text : `${text} [${media.map(({ kind }) => kind).join(", ")}]`.trim();
}
