import { RequestRefused } from "../gateway/link.ts";
import type { GatewayLink } from "../gateway/link.ts";
import { isRecord } from "../wire/narrow.ts";
import { createStore } from "../store/store.ts";
import type { Store } from "../store/store.ts";
import { emptyChat, nextQueued, isBusy, reduceChat } from "./chat-state.ts";
import type { ChatAction } from "./chat-state.ts";
import { readRunEvent } from "./run-event.ts";
import { turnsFromHistory } from "./history-turns.ts";
import type { ChatState, ImageAttachment, Outgoing } from "./model.ts";
import type { OutboxStorage } from "./outbox-storage.ts";

/** Messages read at first, and the most that the gateway gives. */
const [firstLimit, longestLimit] = [200, 1_000];

/** One conversation: its state and what a person can do in it. */
export interface Conversation {
  readonly sessionKey: string;
  readonly state: Store<ChatState>;
  /** Unsent words, kept while another conversation is open. */
  readonly draft: Store<string>;
  /** Sends, or queues while a turn is running. Commands that act on the running turn are never queued. */
  send(text: string, images: ImageAttachment[]): void;
  retry(key: string): void;
  remove(key: string): void;
  /** Sends what waits after a stop. */
  resume(): void;
  /** Stops the running turn; the queue then waits. */
  stop(): void;
  reload(): void;
  /** Reads as far back as the gateway allows. */
  readEarlier(): void;
  /** Takes an event of this session. */
  receive(event: string, payload: Record<string, unknown>): void;
  /** Events were missed: reads the history and asks after every own message. */
  resync(): void;
}

export interface ConversationOptions {
  sessionKey: string;
  link: GatewayLink;
  outbox: OutboxStorage;
  newKey?: () => string;
  now?: () => number;
}

export function createConversation(options: ConversationOptions): Conversation {
  const { sessionKey, link, outbox, newKey = () => crypto.randomUUID(), now = Date.now } = options;
  const state = createStore<ChatState>({ ...emptyChat, outgoing: outbox.load(sessionKey) });
  state.subscribe(() => outbox.save(sessionKey, state.get().outgoing));
  const dispatch = (action: ChatAction) => state.update((current) => reduceChat(current, action));
  let limit = firstLimit;
  let reading = false;
  let readAgain = false;

  async function readHistory(): Promise<void> {
    if (reading) {
      readAgain = true;
      return;
    }
    reading = true;
    const asOf = state.get().revision;
    try {
      const answer = await link.request("chat.history", { sessionKey, limit });
      const { messages: list, sessionId } = isRecord(answer) ? answer : {};
      const messages = Array.isArray(list) ? list : [];
      dispatch({
        type: "history",
        turns: turnsFromHistory(messages),
        hasEarlier: messages.length >= limit && limit < longestLimit,
        sessionId: typeof sessionId === "string" ? sessionId : undefined,
        asOf,
      });
    } catch (error) {
      dispatch({ type: "history-failed", error: messageOf(error) });
    }
    reading = false;
    if (readAgain) {
      readAgain = false;
      void readHistory();
    }
  }

  async function transmit({ key, text, images, status }: Outgoing): Promise<void> {
    if (status !== "accepted") dispatch({ type: "status", key, status: "sending" });
    const attachments = images.map(({ mimeType, content }) => ({ type: "image", mimeType, content }));
    try {
      const answer = await link.request("chat.send", {
        sessionKey,
        message: text,
        deliver: false,
        ...(attachments.length > 0 ? { attachments } : {}),
        idempotencyKey: key,
      });
      accepted(key, isRecord(answer) ? answer : {});
    } catch (error) {
      // Without an answer the outcome is open: it is asked again, under the same key, on the next connection.
      if (error instanceof RequestRefused) dispatch({ type: "status", key, status: "failed", error: error.message });
    }
  }

  function accepted(key: string, answer: Record<string, unknown>): void {
    if (typeof answer.aborted === "boolean") {
      dispatch({ type: "remove", key });
      void readHistory();
    } else if (answer.status === "ok" || answer.status === "error") {
      dispatch({ type: "settle", key });
      void readHistory().then(drainQueue);
    } else {
      dispatch({ type: "status", key, status: "accepted" });
    }
  }

  /** A message that was taken but shows no turn may have joined the one that just ended. */
  function askAfterSilentOnes(): void {
    const { outgoing, runs } = state.get();
    const silent = outgoing.filter(
      ({ key, status }) => status === "accepted" && !runs.some(({ runId }) => runId === key),
    );
    for (const message of silent) void transmit(message);
  }

  function drainQueue(): void {
    const next = nextQueued(state.get());
    if (next) void transmit(next);
  }

  function find(key: string): Outgoing | undefined {
    return state.get().outgoing.find((message) => message.key === key);
  }

  return {
    sessionKey,
    state,
    draft: createStore(""),
    send(text, images) {
      const urgent = /^\/(?:stop|abort|status|help)\b/i.test(text);
      const status = isBusy(state.get()) && !urgent ? "queued" : "sending";
      const message: Outgoing = { key: newKey(), text, images, at: now(), status };
      dispatch({ type: "submit", message });
      if (status === "sending") void transmit(message);
    },
    retry(key) {
      const message = find(key);
      if (message) void transmit(message);
    },
    remove(key) {
      dispatch({ type: "remove", key });
      drainQueue();
    },
    resume() {
      dispatch({ type: "resume" });
      drainQueue();
    },
    stop() {
      dispatch({ type: "pause" });
      link.request("chat.abort", { sessionKey }).catch(() => undefined);
    },
    reload: () => void readHistory(),
    readEarlier() {
      limit = longestLimit;
      void readHistory();
    },
    receive(event, payload) {
      const action = readRunEvent(event, payload, now());
      if (!action) return;
      const known = state.get().runs.some((run) => run.runId === action.event.runId);
      dispatch(action);
      const ended = action.type === "chat" && action.event.state !== "delta";
      if (ended) void readHistory().then(askAfterSilentOnes).then(drainQueue);
      // A turn that began elsewhere: its question is in the history only.
      else if (!known && !find(action.event.runId)) void readHistory();
    },
    resync() {
      dispatch({ type: "forget-foreign-runs" });
      void readHistory();
      const open = state.get().outgoing.filter(({ status }) => status === "sending" || status === "accepted");
      for (const message of open) void transmit(message);
      if (open.length === 0) drainQueue();
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
