import { questionTurn, runTurn } from "./merge-history.ts";
import type { ChatState, LiveRun, Outgoing, Turn } from "./model.ts";

/** What the page shows, in order. `message` is set for what this page sent, `live` for an answer being written. */
export interface TimelineEntry {
  turn: Turn;
  message?: Outgoing;
  live?: LiveRun;
}

/** History and extras by time, then what is in flight with its answer, then the queue. */
export function buildTimeline(state: ChatState): TimelineEntry[] {
  const past = state.extras.length === 0 ? state.history : byTime(state.history, state.extras);
  const entries: TimelineEntry[] = past.map((turn) => ({ turn }));

  const answered = new Set<string>();
  const waiting = state.outgoing.filter((message) => message.status === "queued");
  for (const message of state.outgoing) {
    if (message.status === "queued") continue;
    if (!message.stored) entries.push({ turn: questionTurn(message), message });
    const run = state.runs.find(({ runId }) => runId === message.key);
    if (!run) continue;
    answered.add(run.runId);
    entries.push({ turn: runTurn(run), live: run });
  }
  for (const run of state.runs) if (!answered.has(run.runId)) entries.push({ turn: runTurn(run), live: run });
  return [...entries, ...waiting.map((message) => ({ turn: questionTurn(message), message }))];
}

/** Extras go before the first stored turn that is younger. The history's own order is never changed. */
function byTime(history: readonly Turn[], extras: readonly Turn[]): Turn[] {
  const merged: Turn[] = [];
  let next = 0;
  for (const turn of history) {
    for (let extra = extras[next]; extra && extra.at < turn.at; extra = extras[++next]) merged.push(extra);
    merged.push(turn);
  }
  return [...merged, ...extras.slice(next)];
}
