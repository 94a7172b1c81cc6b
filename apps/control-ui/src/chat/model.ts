/** One thing an assistant's or a person's turn is made of, in the order it happened. */
export type Part =
  | { kind: "text"; text: string }
  | { kind: "thinking"; text: string }
  | { kind: "image"; source?: string; label: string }
  | { kind: "tool"; call: ToolCall }
  /** A sentence from the gateway about the turn itself, e.g. a model fallback. */
  | { kind: "note"; text: string };

export interface ToolCall {
  id: string;
  name: string;
  args: unknown;
  state: "running" | "done" | "failed" | "unknown";
  /** What the tool answered (or has answered so far), as text. Absent when the gateway did not send it. */
  result?: string;
}

/** What one side said until the other spoke; an assistant's turn holds all its model messages and tool calls. */
export interface Turn {
  /** Stable while the turn is shown. */
  id: string;
  role: "user" | "assistant";
  /** Epoch ms; 0 when unknown. */
  at: number;
  parts: Part[];
  provider?: string;
  model?: string;
  /** One sentence; the turn failed. */
  error?: string;
  /** Ended before its time by a person. */
  stopped?: boolean;
}

/** An image as it is sent: bytes in base64, already small enough for one frame. */
export interface ImageAttachment {
  name: string;
  mimeType: string;
  content: string;
}

/** A message of this page on its way to the gateway. */
export interface Outgoing {
  /** Idempotency key, and thereby the run's id. A retry keeps it, so that nothing is answered twice. */
  key: string;
  text: string;
  images: ImageAttachment[];
  at: number;
  /**
   * `queued` waits for the running turn, `sending` is unanswered (also while offline), `accepted` has a run,
   * `failed` was refused.
   */
  status: "queued" | "sending" | "accepted" | "failed";
  error?: string;
  /** The history shows it already; kept until its run is over. */
  stored?: boolean;
}

/** A turn that is being answered now. */
export interface LiveRun {
  runId: string;
  /** Epoch ms of its first event. */
  at: number;
  parts: Part[];
  /** `missed`: over, but the page was not connected when it ended. */
  state: "running" | "done" | "stopped" | "failed" | "missed";
  error?: string;
  /** Seen from its first event on; otherwise the beginning is in the history only. */
  fromStart: boolean;
  /** `agent` assistant events arrive; then `chat` deltas say nothing new. */
  agentStream: boolean;
  /** State revision at which it ended; a history asked for later contains it. */
  endedAtRevision?: number;
}

/** One conversation as this page knows it. */
export interface ChatState {
  phase: "loading" | "ready" | "failed";
  loadError?: string;
  sessionId?: string;
  history: Turn[];
  /** The gateway may have messages from before these. */
  hasEarlier: boolean;
  /** Finished turns that the history does not contain (command answers, stopped and failed turns). */
  extras: Turn[];
  /**
   * Failures in words for a person, by turn. The transcript keeps them in the provider's words; the gateway told them with
   * the next step when they happened.
   */
  explanations: Readonly<Record<string, string>>;
  outgoing: Outgoing[];
  runs: LiveRun[];
  /** After a stop the queue waits for the person. */
  paused: boolean;
  /** Counts events, so that a history can be told to be older or newer than a run's end. */
  revision: number;
}

export function textOf(parts: readonly Part[]): string {
  return parts
    .flatMap((part) => (part.kind === "text" ? [part.text] : []))
    .join("\n\n")
    .trim();
}
