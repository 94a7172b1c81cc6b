import { randomUUID } from "node:crypto";
import { isRecord, textFrom } from "../src/wire/narrow.ts";

interface FakeSession {
  sessionId: string;
  label?: string;
  updatedAt: number;
  channel: string;
  messages: Record<string, unknown>[];
}

interface Run {
  runId: string;
  sessionKey: string;
  seq: number;
  text: string;
}

type Answer = { payload: unknown } | { error: { code: string; message: string } };

/** Sessions in memory, and turns that the test writes event by event. */
export interface FakeChat {
  readonly sessions: Map<string, FakeSession>;
  provider: string;
  model: string;
  /** Answers a message at once; without it the turn stays open for the test to write. */
  autoAnswer: ((text: string) => string | undefined) | undefined;
  /** Puts answers to commands into the transcript; the command itself never is. */
  storeCommandAnswers: boolean;
  /** Refuses the next `chat.send` with this message. */
  refuseSend: string | undefined;
  /** Adds to a transcript without any event. */
  store(sessionKey: string, message: Record<string, unknown>): void;
  /** The open turn of a session. */
  run(sessionKey: string): Run | undefined;
  say(run: Run, text: string): void;
  think(run: Run, text: string): void;
  tool(run: Run, data: Record<string, unknown>): void;
  /** Ends a turn: the text goes into the transcript (with the messages before it) and out as `final`. */
  finish(run: Run, text: string, before?: Record<string, unknown>[]): void;
  fail(run: Run, message: string): void;
  respond(method: string, params: Record<string, unknown>): Answer | undefined;
  close(): void;
}

const text = (value: string) => [{ type: "text", text: value }];
const message = (value: string) => ({ role: "assistant", content: text(value), timestamp: Date.now() });

export function createFakeChat(out: {
  broadcast: (event: string, payload: unknown) => void;
  toolEvent: (payload: unknown) => void;
}): FakeChat {
  const sessions = new Map<string, FakeSession>();
  const runs = new Map<string, Run>();
  const finished = new Set<string>();

  function session(key: string): FakeSession {
    const known = sessions.get(key) ?? {
      sessionId: randomUUID(),
      updatedAt: Date.now(),
      channel: "webchat",
      messages: [],
    };
    sessions.set(key, known);
    return known;
  }

  const agent = (run: Run, stream: string, data: unknown) => ({
    runId: run.runId,
    stream,
    data,
    sessionKey: run.sessionKey,
    seq: ++run.seq,
    ts: Date.now(),
  });
  const chatEvent = (run: Run, state: string, more: object) =>
    out.broadcast("chat", { runId: run.runId, sessionKey: run.sessionKey, seq: run.seq, state, ...more });
  const end = (run: Run) => {
    runs.delete(run.sessionKey);
    finished.add(run.runId);
  };

  const chat: FakeChat = {
    sessions,
    provider: "anthropic",
    model: "claude-opus",
    autoAnswer: undefined,
    storeCommandAnswers: false,
    refuseSend: undefined,
    store(key, stored) {
      session(key).messages.push({ timestamp: Date.now(), ...stored });
      session(key).updatedAt = Date.now();
    },
    run: (key) => runs.get(key),
    say(run, value) {
      const delta = value.startsWith(run.text) ? value.slice(run.text.length) : value;
      run.text = value;
      out.broadcast("agent", agent(run, "assistant", { text: value, delta }));
      chatEvent(run, "delta", { message: message(value) });
    },
    think: (run, value) => out.broadcast("agent", agent(run, "thinking", { text: value, delta: value })),
    tool: (run, data) => out.toolEvent(agent(run, "tool", data)),
    finish(run, value, before = []) {
      for (const stored of before) chat.store(run.sessionKey, stored);
      chat.store(run.sessionKey, { ...message(value), provider: chat.provider, model: chat.model, stopReason: "stop" });
      out.broadcast("agent", agent(run, "lifecycle", { phase: "end", endedAt: Date.now() }));
      end(run);
      chatEvent(run, "final", { message: message(value) });
    },
    fail(run, errorMessage) {
      end(run);
      chatEvent(run, "error", { errorMessage });
    },
    respond(method, params) {
      const key = textFrom(params.sessionKey) ?? textFrom(params.key) ?? "";
      switch (method) {
        case "chat.history":
          return {
            payload: {
              sessionKey: key,
              sessionId: sessions.get(key)?.sessionId,
              messages: sessions.get(key)?.messages ?? [],
              thinkingLevel: "off",
            },
          };
        case "chat.send":
          return send(key, String(params.message), String(params.idempotencyKey), params.attachments);
        case "chat.abort":
          return { payload: { ok: true, aborted: abort(key), runIds: [] } };
        case "sessions.list":
          return { payload: list() };
        case "sessions.patch":
          if ([...sessions.values()].some((other) => other.label === params.label && params.label !== null)) {
            return { error: { code: "INVALID_REQUEST", message: `label already in use: ${String(params.label)}` } };
          }
          session(key).label = textFrom(params.label);
          return { payload: { ok: true, key } };
        case "sessions.reset":
          Object.assign(session(key), { messages: [], sessionId: randomUUID() });
          return { payload: { ok: true, key } };
        case "sessions.delete":
          return { payload: { ok: true, key, deleted: sessions.delete(key), archived: [] } };
        default:
          return undefined;
      }
    },
    close: () => runs.clear(),
  };

  function send(key: string, value: string, runId: string, attachments: unknown): Answer {
    if (runs.get(key)?.runId === runId) return { payload: { runId, status: "in_flight" } };
    if (finished.has(runId)) return { payload: { runId, status: "ok" } };
    if (chat.refuseSend !== undefined) {
      const refusal = chat.refuseSend;
      chat.refuseSend = undefined;
      return { error: { code: "INVALID_REQUEST", message: refusal } };
    }
    const images = Array.isArray(attachments)
      ? attachments.map((item: { mimeType: string; content: string }) => ({
          type: "image",
          data: item.content,
          mimeType: item.mimeType,
        }))
      : [];
    const run: Run = { runId, sessionKey: key, seq: 0, text: "" };
    setImmediate(() => {
      runs.set(key, run);
      if (value.startsWith("/")) {
        end(run);
        const reply = message(`Status: ${chat.provider}/${chat.model}`);
        if (chat.storeCommandAnswers) chat.store(key, { ...reply, stopReason: "injected" });
        chatEvent(run, "final", { message: reply });
        return;
      }
      chat.store(key, { role: "user", content: [...images, ...text(value)] });
      out.broadcast("agent", agent(run, "lifecycle", { phase: "start", startedAt: Date.now() }));
      const reply = chat.autoAnswer?.(value);
      if (reply !== undefined) chat.finish(run, reply);
    });
    return { payload: { runId, status: "started" } };
  }

  function abort(key: string): boolean {
    const run = runs.get(key);
    if (!run) return false;
    end(run);
    run.seq += 1;
    chatEvent(run, "aborted", { stopReason: "rpc" });
    return true;
  }

  function list(): unknown {
    const rows = [...sessions].map(([key, { label, updatedAt, sessionId, channel, messages }]) => ({
      key,
      kind: "direct",
      label,
      updatedAt,
      sessionId,
      lastChannel: channel,
      modelProvider: chat.provider,
      model: chat.model,
      derivedTitle: firstText(messages[0]),
      lastMessagePreview: firstText(messages.at(-1)),
    }));
    const newest = rows.toSorted((a, b) => b.updatedAt - a.updatedAt);
    return {
      ts: Date.now(),
      path: "",
      count: rows.length,
      defaults: { modelProvider: chat.provider, model: chat.model, contextTokens: 200_000 },
      sessions: newest,
    };
  }

  return chat;
}

function firstText(stored: Record<string, unknown> | undefined): string | undefined {
  const content = Array.isArray(stored?.content) ? stored.content.filter(isRecord) : [];
  return textFrom(content.find((block) => block.type === "text")?.text);
}
