import {
  type Account,
  type ChannelDefinition,
  ChannelError,
  type ChannelHost,
  type Connection,
  type Inbound,
  OpenClawError,
  type Outbound,
} from "@openclaw/plugin-sdk";
import { type FakeEvent, type FakeLink, type FakePlatform, FakeRefusal } from "./fake-platform.ts";

/** Everything the fake can be told to do wrong; each must fail exactly one case of the suite. */
export type Defect =
  | "method-missing"
  | "account-without-section"
  | "any-target"
  | "direct-as-group"
  | "group-as-direct"
  | "mention-lost"
  | "thread-lost"
  | "quote-lost"
  | "media-unlimited"
  | "acknowledges-early"
  | "forgets-failed"
  | "random-keys"
  | "lossy-target"
  | "sends-twice"
  | "drops-code"
  | "cuts-long-text"
  | "chokes-on-markup"
  | "reply-lost"
  | "voice-as-text"
  | "edit-adds"
  | "remove-ignored"
  | "reaction-stays"
  | "typing-says-so"
  | "token-unchecked"
  | "retries-rate-limit"
  | "refusal-as-unknown"
  | "lost-as-sent"
  | "unknown-as-not-sent"
  | "forbidden-as-trouble"
  | "ignores-early-abort"
  | "secret-in-errors"
  | "anonymous"
  | "deaf-but-green"
  | "never-reconnects"
  | "leaves-connection"
  | "sends-after-close"
  | "ignores-abort";

export interface FakeConfig {
  token: string;
}

const BEAT_MS = 15_000;
const TARGET = /^(user|room)-\d+(\/topic-\d+)?$/;

/** A complete channel for the fake platform, with at most one defect. */
export function createFakeChannel(platform: FakePlatform, defect?: Defect): ChannelDefinition<FakeConfig, string> {
  const has = (one: Defect) => one === defect;

  function shape(text: string): string {
    if (has("drops-code")) return text.replaceAll(/```[^]*```/g, "");
    return has("cuts-long-text") ? text.slice(0, 1500) : text;
  }

  async function open(account: Account<FakeConfig>, host: ChannelHost, signal: AbortSignal): Promise<Connection> {
    const { token } = account.config;
    let link: FakeLink;
    let state: "up" | "down" = "up";
    let outbound: "up" | "down" = "up";
    let closed = false;
    let cancelBeat: (() => void) | undefined;

    function login(): void {
      link = platform.login(has("token-unchecked") ? "fake-secret" : token);
      link.onEvent((event) => void take(event));
      link.onCut(() => {
        state = "down";
        if (!closed && !has("never-reconnects")) host.clock.after(0, login);
      });
      state = "up";
    }
    function beat(): void {
      const alive = link.ping();
      if (!has("deaf-but-green")) state = alive ? "up" : "down";
      cancelBeat = host.clock.after(BEAT_MS, beat);
    }
    async function take(event: FakeEvent): Promise<void> {
      if (has("acknowledges-early")) link.acknowledge(event.seq);
      for (;;) {
        try {
          await host.receive(read(event));
          break;
        } catch {
          if (has("forgets-failed")) break;
        }
      }
      link.acknowledge(event.seq);
    }
    try {
      login();
    } catch (error) {
      throw translate(error, token);
    }
    beat();

    async function send(target: string, message: Outbound, own: AbortSignal) {
      if (own.aborted && !has("ignores-early-abort")) throw fail("unavailable", "not-sent", "aborted");
      if (closed && !has("sends-after-close")) throw fail("unavailable", "not-sent", "the channel is closed");
      const post = () => {
        const hasMedia = message.media !== undefined && !(has("voice-as-text") && message.media.kind === "voice");
        const seen = { text: shape(message.text ?? ""), hasMedia };
        const replyTo = has("reply-lost") ? undefined : message.replyTo;
        return platform.post(target, replyTo === undefined ? seen : { ...seen, replyTo });
      };
      if (has("chokes-on-markup") && message.text?.includes("<script>") === true) throw new Error("bad markup");
      try {
        const messageId = post();
        outbound = "up";
        if (has("sends-twice")) post();
        return { messageId };
      } catch (error) {
        if (!(error instanceof FakeRefusal)) throw error;
        if (has("retries-rate-limit") && error.reason === "rate-limited") return { messageId: post() };
        // Only a request that vanished: the other losses have a message to show for it.
        const arrived = platform.seen(target).some((one) => one.text === message.text);
        if (has("lost-as-sent") && error.reason === "no-answer" && !arrived) return { messageId: "m0" };
        throw translate(error, token);
      }
    }

    function translate(error: unknown, secret: string): unknown {
      if (!(error instanceof FakeRefusal)) return error;
      const shown = has("secret-in-errors") ? ` with ${secret}` : "";
      if (error.reason === "unauthorized") return fail("auth", "not-sent", "the fake token is refused; set another");
      if (error.reason === "rate-limited")
        return new ChannelError({
          kind: "rate-limited",
          outcome: "not-sent",
          message: "slow down",
          retryAfterMs: error.retryAfterMs,
        });
      if (error.reason === "forbidden")
        return fail(has("forbidden-as-trouble") ? "unavailable" : "forbidden", "not-sent", `shut out${shown}`);
      outbound = "down";
      if (error.reason === "no-connection")
        return fail("unavailable", has("refusal-as-unknown") ? "unknown" : "not-sent", "no connection");
      return fail("unavailable", has("unknown-as-not-sent") ? "not-sent" : "unknown", "no answer");
    }

    const close = () => {
      closed = true;
      cancelBeat?.();
      if (!has("leaves-connection")) link.close();
      return Promise.resolve();
    };
    signal.addEventListener("abort", () => {
      if (has("ignores-abort")) return;
      closed = true;
      cancelBeat?.();
      link.close();
    });

    const connection: Connection = {
      send,
      edit: (target, messageId, text) => {
        if (has("edit-adds")) platform.post(target, { text, hasMedia: false });
        else platform.change(target, messageId, { text });
        return Promise.resolve();
      },
      remove: (target, messageId) => {
        if (!has("remove-ignored")) platform.change(target, messageId, undefined);
        return Promise.resolve();
      },
      react: (target, messageId, emoji) => {
        if (emoji !== "" || !has("reaction-stays"))
          platform.change(target, messageId, { reactions: emoji === "" ? [] : [emoji] });
        return Promise.resolve();
      },
      typing: (target) => {
        if (has("typing-says-so")) platform.post(target, { text: "is typing", hasMedia: false });
        return Promise.resolve();
      },
      fetchMedia: ({ ref }, maxBytes) => {
        const data = new Uint8Array(Buffer.from(ref, "base64"));
        if (data.byteLength > maxBytes && !has("media-unlimited")) return Promise.reject(new Error("too large"));
        return Promise.resolve({ data });
      },
      health: () => ({
        inbound: { state },
        outbound: { state: outbound },
        reconnects: 0,
        ...(has("anonymous") ? {} : { identity: "@fake" }),
      }),
      close,
    };
    return connection;
  }

  function read(event: FakeEvent): Inbound {
    const isDirect = event.where === "direct";
    const kind = isDirect ? (has("direct-as-group") ? "group" : "direct") : has("group-as-direct") ? "direct" : "group";
    const room = isDirect ? "user-7" : "room-1";
    const threaded = event.where === "thread" && !has("thread-lost");
    const target = threaded ? `${room}/topic-2` : room;
    const inbound: Inbound = {
      key: has("random-keys") ? String(Math.random()) : `event:${event.seq}`,
      kind: "message",
      target,
      chat: { kind, id: room, ...(threaded ? { threadId: "2" } : {}) },
      sender: { id: "7", name: event.senderName ?? "Ada" },
      messageId: event.messageId,
      timestamp: event.at,
      text: event.text,
      mentioned: event.mention === true && !has("mention-lost"),
    };
    if (event.answerTo !== undefined && !has("quote-lost"))
      inbound.quote = { messageId: event.answerTo, fromSelf: event.fromSelf };
    if (event.media !== undefined)
      inbound.media = [{ kind: "document", ref: Buffer.from(event.media.data).toString("base64") }];
    return inbound;
  }

  return {
    id: "fake",
    apiVersion: 1,
    capabilities: {
      edit: true,
      remove: true,
      react: true,
      typing: true,
      threads: true,
      media: ["image", "voice", "document"],
      nativeCommands: false,
      drafts: has("method-missing"),
      idempotentSend: false,
      polls: false,
      webhook: false,
    },
    limits: { text: 2000, caption: 200, mediaBytes: 1_000_000, editIntervalMs: 500 },
    target: {
      encode: (target) => (has("lossy-target") ? target.toUpperCase() : target),
      decode(text) {
        if (TARGET.test(text) || has("any-target")) return text;
        throw new OpenClawError({
          code: "TARGET_INVALID",
          message: "no target",
          hint: "Write user-7 or room-1/topic-2.",
        });
      },
    },
    normalizeId: (id) => id,
    accounts(section, env) {
      if (section === undefined && !has("account-without-section")) return [];
      return [{ id: "default", enabled: true, configured: true, config: { token: env["FAKE_TOKEN"] ?? "" } }];
    },
    open,
  };
}

const fail = (kind: ChannelError["kind"], outcome: ChannelError["outcome"], message: string) =>
  new ChannelError({ kind, outcome, message });
