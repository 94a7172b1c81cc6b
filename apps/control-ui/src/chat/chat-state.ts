import type { AgentEvent, ChatEvent } from "./live-run.ts";
import { applyAgentEvent, applyChatEvent, startRun } from "./live-run.ts";
import { mergeHistory } from "./merge-history.ts";
import type { ChatState, LiveRun, Outgoing, Turn } from "./model.ts";

export type ChatAction =
  | { type: "agent"; event: AgentEvent; at: number }
  | { type: "chat"; event: ChatEvent; at: number }
  | { type: "history"; turns: Turn[]; hasEarlier: boolean; sessionId?: string; asOf: number }
  | { type: "history-failed"; error: string }
  | { type: "submit"; message: Outgoing }
  | { type: "status"; key: string; status: Outgoing["status"]; error?: string }
  | { type: "remove"; key: string }
  | { type: "settle"; key: string }
  | { type: "pause" | "resume" | "forget-foreign-runs" };

export const emptyChat: ChatState = {
  phase: "loading",
  history: [],
  hasEarlier: false,
  extras: [],
  explanations: {},
  outgoing: [],
  runs: [],
  paused: false,
  revision: 0,
};

export function reduceChat(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case "agent": {
      const fromStart = action.event.stream === "lifecycle" && action.event.data.phase === "start";
      return withRun(state, action.event.runId, action.at, fromStart, (run) => applyAgentEvent(run, action.event));
    }
    case "chat": {
      const revision = state.revision + 1;
      const next = withRun(state, action.event.runId, action.at, false, (run) =>
        applyChatEvent(run, action.event, revision),
      );
      return { ...next, revision };
    }
    case "history":
      return mergeHistory(state, action);
    case "history-failed":
      return state.phase === "ready" ? state : { ...state, phase: "failed", loadError: action.error };
    case "submit":
      return { ...state, outgoing: [...state.outgoing, action.message], paused: false };
    case "status":
      return {
        ...state,
        outgoing: state.outgoing.map((message) =>
          message.key === action.key ? { ...message, status: action.status, error: action.error } : message,
        ),
      };
    case "remove":
      return { ...state, outgoing: state.outgoing.filter((message) => message.key !== action.key) };
    case "settle":
      return settle(state, action.key);
    case "pause":
      return { ...state, paused: state.outgoing.some((message) => message.status === "queued") };
    case "resume":
      return { ...state, paused: false };
    // forget-foreign-runs
    default:
      return { ...state, runs: state.runs.filter((run) => run.state !== "running" || isOwn(state, run.runId)) };
  }
}

/** A turn is being answered, or a message is on its way to be. */
export function isBusy(state: ChatState): boolean {
  const ended = new Set(state.runs.flatMap((run) => (run.state === "running" ? [] : [run.runId])));
  return (
    state.runs.some((run) => run.state === "running") ||
    state.outgoing.some(({ key, status }) => status === "sending" || (status === "accepted" && !ended.has(key)))
  );
}

/** The next message the queue may send now. */
export function nextQueued(state: ChatState): Outgoing | undefined {
  if (state.paused || isBusy(state)) return undefined;
  return state.outgoing.find((message) => message.status === "queued");
}

function isOwn(state: ChatState, runId: string): boolean {
  return state.outgoing.some((message) => message.key === runId);
}

/** Changes a run, made when it is news. An event also proves that the gateway has the message of that key. */
function withRun(
  state: ChatState,
  runId: string,
  at: number,
  fromStart: boolean,
  change: (run: LiveRun) => LiveRun,
): ChatState {
  const index = state.runs.findIndex((run) => run.runId === runId);
  const run = change(state.runs[index] ?? startRun(runId, at, fromStart || isOwn(state, runId)));
  return {
    ...state,
    runs: index < 0 ? [...state.runs, run] : state.runs.with(index, run),
    outgoing: state.outgoing.map((message) =>
      message.key === runId && message.status !== "accepted"
        ? { ...message, status: "accepted", error: undefined }
        : message,
    ),
  };
}

/** The gateway says that this run is over, but its end was missed (reconnect, reload): the history tells the rest. */
function settle(state: ChatState, key: string): ChatState {
  const revision = state.revision + 1;
  const runs = state.runs.some((run) => run.runId === key) ? state.runs : [...state.runs, startRun(key, 0, false)];
  return {
    ...state,
    revision,
    runs: runs.map((run) =>
      run.runId === key && run.state === "running" ? { ...run, state: "missed", endedAtRevision: revision } : run,
    ),
  };
}
