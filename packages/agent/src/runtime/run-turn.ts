import type { Clock, OpenClawError } from "@openclaw/core";
import type { Transcript } from "@openclaw/core/sessions";
import type { AgentEvent, Turn, TurnInput, TurnResult } from "../types.ts";
import { driveLoop } from "./drive-loop.ts";
import { createEventQueue } from "./event-queue.ts";
import type { FailedAttempt } from "./failure.ts";
import { loadAgentLoop } from "./load-pi.ts";
import { appendQuestion } from "./stored-messages.ts";
import { asTurnError, decideOutcome } from "./turn-outcome.ts";
import type { PreparedTurn, RunTurnOptions, TurnState } from "./turn-types.ts";
import { emptyUsage } from "./usage.ts";

/** Starts a turn at once; preparing, asking and tools happen behind the returned object. */
export function runTurn(options: RunTurnOptions): Turn {
  const { input, transcript, clock, log } = options;
  const events = createEventQueue<AgentEvent>();
  const emit = (event: AgentEvent) => events.push(event);
  const stop = new AbortController();
  let timedOut = false;
  const steering: string[] = [];
  let open = true;

  const onAbort = () => stop.abort(new Error("aborted"));
  for (const signal of options.stops) {
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  }
  const cancelTimeout = clock.after(options.timeoutMs, () => {
    timedOut = true;
    stop.abort(new Error("timeout"));
  });

  const state: TurnState = {
    usage: emptyUsage(),
    attempts: [],
    texts: [],
    answered: undefined,
    toolCalls: 0,
    compactions: 0,
  };
  const take = () => steering.splice(0);

  const work = async (): Promise<TurnResult> => {
    emit({ stream: "lifecycle", data: { phase: "start", startedAt: clock.now() } });
    let prepared: PreparedTurn | undefined;
    let failures: readonly FailedAttempt[] = [];
    let ended: string | undefined;
    let failed: OpenClawError | undefined;
    try {
      const [loop, ready] = await unlessAborted(Promise.all([loadAgentLoop(), options.prepare()]), stop.signal);
      prepared = ready;
      const run = await driveLoop({
        ...options,
        prepared,
        loop,
        emit,
        stop: stop.signal,
        state,
        take,
        close: () => (open = false),
        waiting: () => steering.length,
      });
      failures = run.failures;
      ended = run.ended;
    } catch (error) {
      if (!stop.signal.aborted) failed = asTurnError(error, log);
      if (!prepared) keepMessage(transcript, input, clock);
    }
    open = false;
    const outcome = decideOutcome({
      aborted: stop.signal.aborted,
      timedOut,
      failed,
      failures,
      ended,
      state,
      timeoutMs: options.timeoutMs,
    });
    const unread = take();
    return {
      ...outcome,
      provider: state.answered?.provider ?? prepared?.model.provider ?? "",
      model: state.answered?.model ?? prepared?.model.id ?? "",
      usage: state.usage,
      attempts: state.attempts,
      ...(prepared ? { promptReport: prepared.promptReport, contextWindow: prepared.model.contextWindow } : {}),
      ...(unread.length > 0 ? { unread } : {}),
      ...(state.compactions > 0 ? { compactions: state.compactions } : {}),
    };
  };

  const result = work().then((value) => {
    cancelTimeout();
    for (const signal of options.stops) signal.removeEventListener("abort", onAbort);
    const endedAt = clock.now();
    if (value.status === "ok" || value.status === "aborted")
      emit({ stream: "lifecycle", data: { phase: "end", endedAt } });
    else {
      const error = value.error
        ? `${value.error.message}${value.error.hint ? ` ${value.error.hint}` : ""}`
        : value.status;
      emit({ stream: "lifecycle", data: { phase: "error", endedAt, error } });
    }
    events.end();
    return value;
  });

  return {
    steer(text) {
      if (!open || stop.signal.aborted) return false;
      steering.push(text);
      return true;
    },
    result,
    [Symbol.asyncIterator]: () => events[Symbol.asyncIterator](),
  };
}

/** Rejects as soon as the signal fires: looking for a model, or loading one, must not hold a stopped turn. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new Error("aborted"));
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject);
  });
}

/** A message whose turn could not even start is still part of the conversation. */
function keepMessage(transcript: Transcript, input: TurnInput, clock: Clock): void {
  if (!input.message) return;
  try {
    appendQuestion(transcript, input, clock.now());
  } catch {
    // The transcript is what failed; the result says so.
  }
}
