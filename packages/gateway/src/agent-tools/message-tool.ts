import { type Clock, OpenClawError, type OutboundMedia } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import type { Paths } from "@openclaw/core/paths";
import { isSilentReply } from "@openclaw/core/reply";
import type { Connection } from "@openclaw/plugin-sdk/channel";
import type { Tool, ToolContext, ToolResult } from "@openclaw/plugin-sdk/tool";
import type { ChannelManager } from "../channels/manager.ts";
import type { Deliverer } from "../delivery/deliverer.ts";
import { resolveOutboundMedia } from "../delivery/outbound-media.ts";
import { splitReply } from "../delivery/split-reply.ts";
import { jsonResult } from "../session-tools/json-result.ts";
import type { NewOutboxRow } from "../store/outbox.ts";
import type { Store } from "../store/store.ts";
import type { AgentPool } from "../turns/agent-pool.ts";
import type { TurnEngine } from "../turns/engine.ts";
import { type ChosenPlace, choosePlace, isSamePlace } from "./place.ts";
import { type ToolSends, toolTurnId } from "./tool-sends.ts";

interface Params {
  action?: "send" | "react" | "edit" | "delete";
  message?: string;
  media?: string[];
  asVoice?: boolean;
  replyTo?: string;
  messageId?: string;
  emoji?: string;
  silent?: boolean;
  channel?: string;
  to?: string;
  accountId?: string;
}

export interface MessageToolOptions {
  engine: Pick<TurnEngine, "current">;
  channels: ChannelManager;
  agents: Pick<AgentPool, "get">;
  deliverer: Deliverer;
  store: Pick<Store, "database">;
  sends: ToolSends;
  config(): OpenClawConfig;
  paths: Pick<Paths, "mediaDir">;
  clock: Clock;
  callId(call: { sessionKey: string; toolCallId: string }, params: unknown): string;
}

/** How long the tool waits for the platform; what has not gone by then stays in the ledger and goes later, ms. */
const SEND_WAIT_MS = 20_000;
const ACTION_TIMEOUT_MS = 20_000;

/** Keys of `channels.<id>.actions` that switch an action off. */
const SWITCHES = { send: "sendMessage", react: "reactions", edit: "editMessage", delete: "deleteMessage" } as const;

/** Lets the agent write to a chat and work on its messages, as far as channel and configuration allow. */
export function createMessageTool(options: MessageToolOptions): Tool<Params & Record<string, unknown>> {
  const { engine, channels, config } = options;
  return {
    name: "message",
    label: "Message",
    description:
      "Send text or files to a chat, or react to, edit or delete a message there. Default: the chat the question came from; others need the owner's permission. If what you sent is your whole answer, answer NO_REPLY.",
    parameters: {
      type: "object",
      properties: {
        action: { type: "string", enum: ["send", "react", "edit", "delete"], description: "Default send" },
        message: { type: "string", description: "Text to send, or the new text (edit)" },
        media: {
          type: "array",
          items: { type: "string" },
          maxItems: 10,
          description: "Workspace paths or http(s) addresses",
        },
        asVoice: { type: "boolean" },
        replyTo: { type: "string", description: "Message id to quote" },
        messageId: { type: "string", description: "For react, edit, delete" },
        emoji: { type: "string", description: "For react; empty takes it away" },
        silent: { type: "boolean" },
        channel: { type: "string" },
        to: { type: "string", description: "Chat id on the channel" },
        accountId: { type: "string" },
      },
    },
    // Sent again under the same ledger id, a message is not doubled.
    replay: "safe",
    async execute(params, context) {
      const { action = "send" } = params;
      const from = engine.current(context.sessionKey)?.route;
      const chosen = choosePlace(params, from, { channels, config: config() });
      refuseSwitchedOff(action, chosen);
      if (action === "send") return send(params, chosen, context, options);
      const messageId = params.messageId ?? (from && isSamePlace(chosen.place, from) ? from.replyTo : undefined);
      if (!messageId)
        throw new OpenClawError({
          code: "MESSAGE_ID",
          message: `${action} needs messageId.`,
          hint: "The ids of received messages stand below them; send returns those of sent ones.",
        });
      return act({ ...params, action, messageId }, chosen, context, options.clock);
    },
  };
}

function refuseSwitchedOff(action: keyof typeof SWITCHES, { running }: ChosenPlace): void {
  const { actions } = running.account.config as { actions?: Record<string, boolean | undefined> };
  if (actions?.[SWITCHES[action]] !== false) return;
  throw new OpenClawError({
    code: "MESSAGE_ACTION_OFF",
    message: `${action} is switched off here (channels.${running.channel}.actions.${SWITCHES[action]}).`,
  });
}

async function send(
  params: Params,
  { place, running }: ChosenPlace,
  context: ToolContext,
  options: MessageToolOptions,
): Promise<ToolResult> {
  const { engine, deliverer, store, clock, sends } = options;
  const { message = "", media: sources = [], replyTo, silent } = params;
  const { limits, capabilities } = running.definition;
  const text = message.trim();
  if (isSilentReply(text) || (text === "" && sources.length === 0)) {
    throw new OpenClawError({ code: "MESSAGE_EMPTY", message: "There is nothing to send: give message or media." });
  }
  const media = await Promise.all(
    sources.map(async (source) =>
      resolveOutboundMedia({
        source,
        workplace: await (await options.agents.get(context.agentId)).workplace(context.sessionKey),
        mediaDir: options.paths.mediaDir,
        maxBytes: limits.mediaBytes,
        voice: params.asVoice === true,
      }),
    ),
  );
  const unfit = media.find(({ kind }) => !capabilities.media.includes(kind));
  if (unfit)
    throw new OpenClawError({
      code: "MESSAGE_MEDIA",
      message: `${running.channel} takes no ${unfit.kind} files (${unfit.fileName}).`,
    });

  const runId = engine.current(context.sessionKey)?.runId;
  const turnId = toolTurnId(runId ?? context.sessionKey, options.callId(context, params));
  const parts: { text?: string; media?: OutboundMedia }[] = [
    ...(text === ""
      ? []
      : splitReply({ text, limits, config: running.account.config }).map((part) => ({ text: part }))),
    ...media.map((file) => ({ media: file })),
  ];
  const rows = parts.map((part, seq): NewOutboxRow => ({
    turnId,
    seq,
    sessionKey: context.sessionKey,
    ...place,
    purpose: "reply",
    message: { ...part, ...(replyTo && seq === 0 ? { replyTo } : {}), ...(silent ? { silent } : {}) },
  }));
  store.database.transaction(() => deliverer.enqueue(rows));
  if (runId) sends.note(runId);

  const settled = await unlessLate(
    Promise.all(rows.map(({ seq }) => deliverer.settled(`${turnId}:${seq}`))),
    clock,
    context.signal,
  );
  const facts = { channel: place.channel, to: place.target };
  if (!settled)
    return jsonResult({
      status: "queued",
      ...facts,
      note: "It is kept and goes out as soon as the channel takes it. Do not send it again.",
    });
  const failed = settled.find(({ state }) => state !== "sent");
  if (!failed) return jsonResult({ status: "sent", ...facts, messageIds: settled.map(({ messageId }) => messageId) });
  throw new OpenClawError({
    code: "MESSAGE_NOT_SENT",
    message:
      failed.state === "unknown"
        ? "It may or may not have arrived: the platform's answer was lost."
        : `It was not delivered: ${failed.error}.`,
    ...(failed.state === "unknown" ? { hint: "Do not send it again by yourself; the chat is told." } : {}),
  });
}

type ActParams = Params & { action: "react" | "edit" | "delete"; messageId: string };

/** Works on a message that exists. Nothing is lost when it fails: the model is told and may try again. */
async function act(
  params: ActParams,
  { place, running }: ChosenPlace,
  context: ToolContext,
  clock: Clock,
): Promise<ToolResult> {
  const { channel, target } = place;
  const { connection } = running;
  if (!connection)
    throw new OpenClawError({
      code: "MESSAGE_OFFLINE",
      message: `${channel} is not connected now.`,
      hint: "Try again later.",
    });
  const work = operation(params, running, connection);
  const late = new AbortController();
  const cancel = clock.after(ACTION_TIMEOUT_MS, () =>
    late.abort(new Error(`no answer within ${ACTION_TIMEOUT_MS / 1000} s`)),
  );
  try {
    await work(target, AbortSignal.any([context.signal, late.signal]));
  } finally {
    cancel();
  }
  return jsonResult({ status: "done", action: params.action, channel, to: target, messageId: params.messageId });
}

function operation(
  { action, messageId, emoji, message = "" }: ActParams,
  { channel, definition }: ChosenPlace["running"],
  connection: Connection,
): (target: string, signal: AbortSignal) => Promise<void> {
  if (action === "delete" && connection.remove)
    return (target, signal) => connection.remove!(target, messageId, signal);
  if (action === "react" && connection.react) {
    if (emoji === undefined)
      throw new OpenClawError({
        code: "MESSAGE_EMOJI",
        message: "react needs emoji.",
        hint: "An empty one takes the reaction away.",
      });
    return (target, signal) => connection.react!(target, messageId, emoji, signal);
  }
  if (action === "edit" && connection.edit) {
    const text = message.trim();
    if (text === "") throw new OpenClawError({ code: "MESSAGE_EMPTY", message: "edit needs message, the new text." });
    if (text.length > definition.limits.text) {
      throw new OpenClawError({
        code: "MESSAGE_TOO_LONG",
        message: `The new text has ${text.length} characters; one message holds ${definition.limits.text}.`,
      });
    }
    return (target, signal) => connection.edit!(target, messageId, text, signal);
  }
  throw new OpenClawError({ code: "MESSAGE_ACTION", message: `${channel} cannot ${action} messages.` });
}

/** Undefined when it takes longer, or the turn is stopped meanwhile. */
async function unlessLate<T>(work: Promise<T>, clock: Clock, signal: AbortSignal): Promise<T | undefined> {
  let end = () => {};
  const late = new Promise<undefined>((resolve) => {
    const give = () => resolve(undefined);
    const cancel = clock.after(SEND_WAIT_MS, give);
    signal.addEventListener("abort", give, { once: true });
    end = () => {
      cancel();
      signal.removeEventListener("abort", give);
    };
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    end();
  }
}
