import type { ChatState, LiveRun, Outgoing, Part, Turn } from "./model.ts";
import { textOf } from "./model.ts";

/**
 * Takes a freshly read history in. What it contains leaves the live part; what it does not contain (answers to commands,
 * stopped or failed turns) stays on the page as extras at its own time.
 */
export function mergeHistory(
  state: ChatState,
  answer: { turns: Turn[]; hasEarlier: boolean; sessionId?: string; asOf: number },
): ChatState {
  const fresh = state.sessionId !== undefined && answer.sessionId !== state.sessionId;
  const over = state.runs.filter((run) => run.endedAtRevision !== undefined && run.endedAtRevision <= answer.asOf);
  const running = state.runs.filter((run) => !over.includes(run));
  const overKeys = new Set(over.map((run) => run.runId));
  const stored = storedKeys(state, answer.turns);

  const explanations = { ...state.explanations, ...explained(over, answer.turns) };
  const turns = answer.turns.map((turn) => withExplanation(turn, explanations));
  const kept = over.flatMap((run) => leftovers(run, state.outgoing, stored, turns));
  return {
    ...state,
    phase: "ready",
    loadError: undefined,
    sessionId: answer.sessionId,
    hasEarlier: answer.hasEarlier,
    history: withoutLiveTail(turns, running),
    explanations,
    extras: [...(fresh ? [] : state.extras.filter((turn) => !isWritten(turn, answer.turns))), ...kept],
    outgoing: state.outgoing
      .filter(({ key }) => !overKeys.has(key))
      .map((message) => (stored.has(message.key) ? { ...message, stored: true } : message)),
    runs: running.map((run) => (run.fromStart ? run : withoutKnownTools(run, answer.turns))),
  };
}

/** Keys of messages that the history shows: found by their text among what it gained since it was read last. */
function storedKeys(state: ChatState, turns: readonly Turn[]): Set<string> {
  const keys = new Set(state.outgoing.flatMap((message) => (message.stored ? [message.key] : [])));
  const gained = new Map<string, number>();
  const count = (turn: Turn, step: number) => {
    if (turn.role === "user") gained.set(textOf(turn.parts), (gained.get(textOf(turn.parts)) ?? 0) + step);
  };
  for (const turn of turns) count(turn, 1);
  for (const turn of state.history) count(turn, -1);
  for (const { key, status, text } of state.outgoing) {
    if (keys.has(key) || status === "queued" || status === "failed") continue;
    const left = gained.get(text.trim()) ?? 0;
    if (left <= 0) continue;
    gained.set(text.trim(), left - 1);
    keys.add(key);
  }
  return keys;
}

function leftovers(run: LiveRun, outgoing: readonly Outgoing[], stored: Set<string>, turns: readonly Turn[]): Turn[] {
  if (run.state === "missed") return [];
  const answerStored = isStored(run, turns);
  const message = outgoing.find(({ key }) => key === run.runId);
  // A command's answer may be in the transcript, the command itself never is.
  const keepQuestion = message && !stored.has(message.key) && (!answerStored || message.text.startsWith("/"));
  return [...(keepQuestion ? [questionTurn(message, run.at)] : []), ...(answerStored ? [] : [runTurn(run)])];
}

/** Finds the stored failure of every run that ended with words about it. */
function explained(over: readonly LiveRun[], turns: readonly Turn[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const run of over) {
    const words = run.error ?? textOf(run.parts.slice(-1));
    const failure = turns.findLast((turn) => turn.error !== undefined && turn.at > run.at - 1_000);
    if (failure && words !== "" && !textOf(failure.parts).includes(words)) found[failure.id] = words;
  }
  return found;
}

function withExplanation(turn: Turn, explanations: Readonly<Record<string, string>>): Turn {
  const error = turn.error === undefined ? undefined : explanations[turn.id];
  return error === undefined ? turn : { ...turn, error };
}

function isStored(run: LiveRun, turns: readonly Turn[]): boolean {
  const recent = turns.filter((turn) => turn.role === "assistant").slice(-8);
  if (run.state === "stopped") return recent.at(-1)?.stopped === true;
  if (run.state === "failed") return recent.at(-1)?.error !== undefined;
  const text = textOf(run.parts.slice(-1));
  if (text === "") return true;
  return recent.some((turn) => turn.error === text || textOf(turn.parts).includes(text));
}

/** A transcript may be written a moment after the end of its turn was told. */
function isWritten(extra: Turn, turns: readonly Turn[]): boolean {
  const text = textOf(extra.parts);
  return turns.some((turn) => turn.role === extra.role && turn.at > extra.at - 1_000 && textOf(turn.parts) === text);
}

/** The message as a turn; placed just before its answer when that has begun. */
export function questionTurn(message: Outgoing, answerAt?: number): Turn {
  const images = message.images.map((image): Part => ({
    kind: "image",
    source: `data:${image.mimeType};base64,${image.content}`,
    label: image.name,
  }));
  const text: Part[] = message.text === "" ? [] : [{ kind: "text", text: message.text }];
  return {
    id: `out-${message.key}`,
    role: "user",
    at: answerAt ? answerAt - 1 : message.at,
    parts: [...images, ...text],
  };
}

export function runTurn(run: LiveRun): Turn {
  return {
    id: `run-${run.runId}`,
    role: "assistant",
    at: run.at,
    parts: run.parts,
    error: run.error,
    stopped: run.state === "stopped",
  };
}

/** The transcript already holds the first messages of a turn that is shown live from its start: show them once. */
function withoutLiveTail(turns: Turn[], running: readonly LiveRun[]): Turn[] {
  const live = running.some((run) => run.state === "running" && run.fromStart && run.parts.length > 0);
  return live && turns.at(-1)?.role === "assistant" ? turns.slice(0, -1) : turns;
}

function withoutKnownTools(run: LiveRun, turns: readonly Turn[]): LiveRun {
  const known = new Set(
    turns.flatMap((turn) => turn.parts.flatMap((part) => (part.kind === "tool" ? [part.call.id] : []))),
  );
  return { ...run, parts: run.parts.filter((part) => part.kind !== "tool" || !known.has(part.call.id)) };
}
