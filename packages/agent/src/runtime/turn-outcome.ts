import { OpenClawError, type Log } from "@openclaw/core";
import type { TurnResult } from "../types.ts";
import { classifyFailure, type FailedAttempt } from "./failure.ts";
import { turnError } from "./turn-error.ts";
import type { TurnState } from "./turn-types.ts";

/** One coded error for whatever went wrong outside the model call. */
export function asTurnError(error: unknown, log: Log): OpenClawError {
  if (OpenClawError.is(error)) return error;
  log.error("turn failed", { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ENOSPC") {
    return new OpenClawError({
      code: "DISK_FULL",
      message: "The disk is full: the conversation cannot be saved.",
      hint: "Free some space and send the message again.",
      cause: error,
    });
  }
  if (code === "EACCES" || code === "EROFS") {
    return new OpenClawError({
      code: "STATE_READ_ONLY",
      message: "The state directory cannot be written.",
      hint: "Check its owner and permissions.",
      cause: error,
    });
  }
  return new OpenClawError({
    code: "TURN_FAILED",
    message: `The turn failed: ${classifyFailure(error instanceof Error ? error.message : String(error)).detail}`,
    hint: "The log has the details (openclaw logs).",
    cause: error,
  });
}

export interface OutcomeInput {
  aborted: boolean;
  timedOut: boolean;
  failed: OpenClawError | undefined;
  failures: readonly FailedAttempt[];
  ended: string | undefined;
  state: TurnState;
  timeoutMs: number;
}

/** What the turn amounts to: status, texts to deliver, and on failure the sentence that says what to do. */
export function decideOutcome(input: OutcomeInput): Pick<TurnResult, "status" | "payloads" | "error"> {
  const said = input.state.texts.map((text) => ({ text }));
  const withError = (status: TurnResult["status"], error: OpenClawError) => ({
    status,
    payloads: [...said, { text: error.hint ? `${error.message} ${error.hint}` : error.message }],
    error,
  });
  if (input.timedOut) {
    const seconds = Math.round(input.timeoutMs / 1000);
    return withError(
      "timeout",
      new OpenClawError({
        code: "TURN_TIMEOUT",
        message: `I stopped: the turn took longer than ${seconds} s.`,
        hint: "Ask for a smaller step, or raise agents.defaults.timeoutSeconds.",
      }),
    );
  }
  if (input.aborted) return { status: "aborted", payloads: said };
  if (input.failed) return withError("error", input.failed);
  if (input.failures.length > 0) return withError("error", turnError(input.failures));
  if (input.ended) {
    return withError(
      "error",
      new OpenClawError({ code: "TURN_LOOP", message: input.ended, hint: "Tell me what to do differently." }),
    );
  }
  if (said.length === 0 && input.state.answered && input.state.toolCalls === 0) {
    const { provider, model } = input.state.answered;
    return withError(
      "error",
      new OpenClawError({
        code: "MODEL_EMPTY",
        message: `${provider}/${model} sent an empty answer.`,
        hint: "Send the message again, or pick another model with /model.",
      }),
    );
  }
  return { status: "ok", payloads: said };
}
