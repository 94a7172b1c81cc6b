import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Inbound } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import type { Paths } from "@openclaw/core/paths";
import { type QueueSettings, createPendingHistory, resolveQueue } from "@openclaw/core/reply";
import { senderAccess } from "../commands/access/sender-access.ts";
import type { TurnOverrides } from "../commands/directives/turn-overrides.ts";
import { handleMessage } from "../commands/handle-message.ts";
import { asksToStop, isBareStopWord } from "../commands/stop-words.ts";
import { splitReply } from "../delivery/split-reply.ts";
import type { GatewayContext } from "../gateway-context.ts";
import type { InboxRow } from "../store/inbox.ts";
import type { NewOutboxRow } from "../store/outbox.ts";
import type { TurnRequest } from "../store/turns.ts";
import { acknowledge } from "./acknowledge.ts";
import { composeMessage, senderName } from "./compose-message.ts";
import { createGate } from "./gate.ts";
import { createGather } from "./gather.ts";
import { fetchInboundMedia } from "./inbound-media.ts";
import { joinParts } from "./join-parts.ts";
import type { AnswerVerdict, Verdict } from "./judge-message.ts";

export interface Pipeline {
  /** Takes a stored event: decides on it, and makes it a turn, a command's answer or nothing. Never throws. */
  take(row: InboxRow): void;
  /** Takes up events that a previous process stored and did not decide on. */
  recover(): void;
}

/** What is left to do with a message when everything about it is decided. */
type Step =
  | { kind: "done"; reason: string; say?: NewOutboxRow[]; note?: { sessionKey: string; text: string } }
  | { kind: "turn"; request: TurnRequest; queue: QueueSettings; say?: NewOutboxRow[] };

/** A message from the inbox to its turn: access, route, mention, command, queue. Chats are independent of each other. */
export function createPipeline({ context, paths }: { context: GatewayContext; paths: Paths }): Pipeline {
  const { store, channels, engine, deliverer, sessions, clock, log } = context;
  const gate = createGate(context, paths);
  const history = createPendingHistory();
  const chats = new Map<string, Promise<void>>();
  const gather = createGather({ clock, complete: enqueue, restMs: (channel) => restMs(context.config(), channel) });

  /** One chat's messages are decided in order. */
  function enqueue(rows: InboxRow[]): void {
    const [first] = rows;
    if (!first) return;
    // Whoever wants something to stop does not wait behind what is to be stopped.
    if (asksToStop(first.message.command ?? first.message.text))
      return void decide(rows).catch((error: unknown) => broken(rows, error));
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
    const judgement = await gate.judge(row);
    if (!judgement) return finish(rows, "channel-gone");
    const verdicts = judgement.verdict ? [judgement.verdict] : judgement.agents.map(({ verdict }) => verdict);
    const steps: Step[] = [];
    for (const verdict of verdicts) {
      log.debug(`${row.channel} message: ${verdict.action} (${verdict.reason})`, {
        chat: row.message.chat.id,
        sender: row.message.sender.id,
      });
      steps.push(await stepFor(row, verdict, steps.length));
    }
    const ids = rows.map(({ id }) => id);
    if (steps.length === 1) return take(steps[0], ids);
    // Every agent of a broadcast gets its turn, or none does and the message is looked at again.
    store.database.transaction(() => {
      let after: string | undefined;
      for (const step of steps) {
        take(step, ids, judgement.strategy === "sequential" ? after : undefined);
        after = step.kind === "turn" ? step.request.runId : after;
      }
    });
  }

  /** Everything that can be done before the message is done with. `place` numbers the agents of a broadcast. */
  async function stepFor(row: InboxRow, verdict: Verdict, place: number): Promise<Step> {
    const { message } = row;
    switch (verdict.action) {
      case "drop":
        return { kind: "done", reason: verdict.reason };
      case "remember":
        history.add(
          verdict.sessionKey,
          { sender: senderName(message), text: withFiles(message), timestamp: message.timestamp },
          verdict.historyLimit,
        );
        return { kind: "done", reason: verdict.reason };
      case "pair": {
        const asked = gate.askForPairing(row);
        if (asked.text === undefined) return { kind: "done", reason: asked.reason };
        return {
          kind: "done",
          reason: verdict.reason,
          say: replyRows(row, asked.text, { turnId: `inbox:${row.id}`, purpose: "notice" }),
        };
      }
      case "note":
        return { kind: "done", reason: verdict.reason, note: { sessionKey: verdict.sessionKey, text: verdict.text } };
      default:
        return answer(row, verdict, place);
    }
  }

  async function answer(row: InboxRow, verdict: AnswerVerdict, place: number): Promise<Step> {
    const { message, channel, account } = row;
    const { sessionKey, agentId } = verdict;
    const { commands } = verdict;
    const say = (text: string) =>
      replyRows(row, text, { turnId: `inbox:${row.id}${place > 0 ? `:${place}` : ""}`, purpose: "reply", sessionKey });
    // A stop word is one while something runs; otherwise it is an answer like any other.
    if (
      isBareStopWord(commands.text) &&
      commands.authorized &&
      engine.abort(sessionKey, { reason: "stop" }).length > 0
    ) {
      return { kind: "done", reason: "stop-word", say: say("⚙️ Agent was aborted.") };
    }
    sessions.resetIfStale(sessionKey, message.chat, channel);
    const who = {
      ...commands,
      sessionKey,
      channel,
      account,
      target: message.target,
      chatId: message.chat.id,
      chatKind: message.chat.kind,
      senderId: message.sender.id,
      senderName: message.sender.name,
    };
    const handled = await handleMessage(context, {
      ...who,
      addressed: message.chat.kind === "direct" || verdict.mentioned,
      hasMedia: (message.media ?? []).length > 0,
    });
    const { forward: body, overrides } = handled;
    const said = handled.reply ? say(handled.reply) : undefined;
    if (body === undefined) return { kind: "done", reason: "command", say: said };
    if (sessions.sendPolicy(sessionKey) === "deny") return { kind: "done", reason: "send-policy", say: said };
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
    const queue = resolveQueue({
      inline: ownTurn(overrides),
      session: sessions.entry(sessionKey),
      config: context.config().messages?.queue,
      channel,
    });
    const request: TurnRequest = {
      runId: randomUUID(),
      sessionKey,
      displayKey: sessionKey,
      agentId,
      source: "channel",
      text: composeMessage({
        message: { ...message, text: body },
        channelLabel: verdict.channelLabel,
        previousAt: sessions.entry(sessionKey)?.updatedAt,
        pending,
        mediaNote: media.note,
        config: context.config(),
      }),
      body,
      ...(media.images.length > 0 ? { images: media.images } : {}),
      route: {
        channel,
        account,
        target: message.target,
        ...(verdict.replyToMode === "off" ? {} : { replyTo: message.messageId, replyToMode: verdict.replyToMode }),
        ...(verdict.selfChat ? { selfChat: true } : {}),
      },
      origin: {
        provider: channel,
        chatType: message.chat.kind,
        label: message.chat.title ?? message.sender.name,
        from: message.sender.id,
      },
      sender: senderAccess(who, overrides, context),
      ...(overrides.model ? { model: overrides.model } : {}),
      ...(overrides.thinking ? { thinking: overrides.thinking } : {}),
      ...(overrides.verbose || overrides.reasoning
        ? { levels: { verbose: overrides.verbose, reasoning: overrides.reasoning } }
        : {}),
      ...(verdict.extraSystemPrompt ? { extraSystemPrompt: verdict.extraSystemPrompt } : {}),
      ...(verdict.toolPolicy.length > 0 ? { toolPolicy: verdict.toolPolicy } : {}),
      ...(verdict.skills ? { skills: verdict.skills } : {}),
    };
    return { kind: "turn", request, queue, say: said };
  }

  /** The message changes hands: to a turn, or to a reply in the ledger, or to nobody. */
  function take(step: Step | undefined, inboxIds: number[], after?: string): void {
    if (!step) return;
    if (step.kind === "turn") {
      if (step.say) deliverer.enqueue(step.say);
      const request = { ...step.request, inboxIds, ...(after ? { after } : {}) };
      if (engine.submit(request, step.queue).status === "refused") finishIds(inboxIds, "queue-full");
      return;
    }
    store.database.transaction(() => {
      if (step.say) deliverer.enqueue(step.say);
      if (step.note) store.systemEvents.add(step.note.sessionKey, step.note.text, clock.now());
      finishIds(inboxIds, step.reason);
    });
  }

  function finishIds(ids: readonly number[], reason: string): void {
    store.database.transaction(() => ids.forEach((id) => store.inbox.finish(id, reason)));
  }

  const finish = (rows: readonly InboxRow[], reason: string) =>
    finishIds(
      rows.map(({ id }) => id),
      reason,
    );

  function replyRows(
    row: InboxRow,
    text: string,
    options: { turnId: string; purpose: "reply" | "notice"; sessionKey?: string },
  ): NewOutboxRow[] {
    const running = channels.find(row.channel, row.account);
    const parts = running
      ? splitReply({ text, limits: running.definition.limits, config: running.account.config })
      : [text];
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
    log.error(`a message could not be handled: ${String(error)}`, {
      inbox: rows.map(({ id }) => id),
      stack: (error as Error).stack,
    });
  }

  return {
    take: gather.add,
    recover() {
      for (const row of store.inbox.pending()) gather.add(row);
    },
  };
}

/** `messages.inbound`: how long a sender must be quiet before what was written is taken as one message, ms. */
function restMs({ messages }: OpenClawConfig, channel: string): number {
  return messages?.inbound?.byChannel?.[channel] ?? messages?.inbound?.debounceMs ?? 0;
}

/** A model or level for one message means a turn of its own: not steered into another, not collected. */
function ownTurn({ queue, ...levels }: TurnOverrides): Partial<QueueSettings> | undefined {
  return Object.keys(levels).length > 0 && queue?.mode !== "interrupt" ? { ...queue, mode: "followup" } : queue;
}

/** A message's words with its files named, for a reader who does not get the files. */
function withFiles({ text, media = [] }: Inbound): string {
  return media.length === 0 ? text : `${text} [${media.map(({ kind }) => kind).join(", ")}]`.trim();
}
