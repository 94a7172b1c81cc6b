import { OpenClawError } from "@openclaw/core";
import { SHORT, type FailedAttempt } from "./failure.ts";

/**
 * One error for a turn whose every candidate failed: the one model's own sentence, or a list of all of them with the
 * reason of each. The first failure decides code and next step.
 */
export function turnError(attempts: readonly FailedAttempt[]): OpenClawError {
  const first = attempts[0];
  if (!first) return new OpenClawError({ code: "MODEL_FAILED", message: "No model could be asked." });
  const reasons = new Map<string, Set<string>>();
  for (const attempt of attempts) {
    const name = `${attempt.provider}/${attempt.model}`;
    reasons.set(name, (reasons.get(name) ?? new Set()).add(reason(attempt)));
  }
  const { message, hint = "" } = first.error ?? sentence(first, reasons.size === 1);
  const list = [...reasons].map(([name, all]) => `${name} (${[...all].join("; ")})`).join(", ");
  return new OpenClawError({
    code: first.error?.code ?? `MODEL_${first.failure.kind.toUpperCase().replaceAll("-", "_")}`,
    message: reasons.size > 1 ? `All models failed: ${list}.` : message,
    hint: reasons.size > 1 ? `${message} ${hint}`.trim() : hint,
    details: {
      attempts: attempts.map(({ provider, model, failure, keyFrom }) => ({
        provider,
        model,
        kind: failure.kind,
        status: failure.status,
        detail: failure.detail,
        ...(keyFrom ? { keyFrom } : {}),
      })),
    },
  });
}

function reason({ failure, error }: FailedAttempt): string {
  if (error?.code === "MODEL_KEY_MISSING") return "no key";
  if (error?.code === "MODEL_UNKNOWN") return "unknown provider";
  const status = failure.status === undefined ? "" : `, HTTP ${failure.status}`;
  const wait = failure.retryAfterMs ? `, again in ${Math.ceil(failure.retryAfterMs / 1000)} s` : "";
  return `${SHORT[failure.kind]}${status}${wait}`;
}

function sentence(
  { provider, model, failure, keyFrom }: FailedAttempt,
  alone: boolean,
): { message: string; hint: string } {
  const name = `${provider}/${model}`;
  const status = failure.status === undefined ? "" : ` (HTTP ${failure.status})`;
  const key = keyFrom ? ` from ${keyFrom}` : "";
  switch (failure.kind) {
    case "auth":
      return keyFrom
        ? {
            message: `${provider} refused the API key${key}${status}.`,
            hint: "Put a valid key there and send the message again.",
          }
        : {
            message: `No API key found for provider "${provider}".`,
            hint: `Set its key in the environment or as models.providers.${provider}.apiKey, or run openclaw models auth add.`,
          };
    case "billing":
      return {
        message: `${provider} says the account has no credit left${status}.`,
        hint: "Top up the account, or switch with /model to another provider.",
      };
    case "rate-limit": {
      const wait = failure.retryAfterMs ? `${Math.ceil(failure.retryAfterMs / 1000)} s` : "a minute";
      const advice = alone ? " A fallback model (agents.defaults.model.fallbacks) would step in." : "";
      return { message: `${name} is rate limited${status}.`, hint: `Try again in ${wait}.${advice}` };
    }
    case "overloaded":
      return {
        message: `${name} is overloaded${status}.`,
        hint: alone ? "Try again in a minute, or set a fallback model." : "Try again in a minute.",
      };
    case "timeout":
      return {
        message: `${name} did not answer in time${status}.`,
        hint: "Try again; for a slow local model raise agents.defaults.timeoutSeconds.",
      };
    case "network":
      return {
        message: `${name} could not be reached, or the connection broke.`,
        hint: "Check the network, and the baseUrl of the provider if you set one; then try again.",
      };
    case "context-overflow":
      return {
        message: `This conversation has become too long for ${name}.`,
        hint: "Send /compact to summarise it or /new to start afresh.",
      };
    case "format":
      return {
        message: `${name} refused the request${status}: ${failure.detail}`,
        hint: "Check api and compat of this provider; /new helps when an old message is the cause.",
      };
    case "not-found":
      return {
        message: `${provider} has no model "${model}"${status}.`,
        hint: "Pick another one with /model, or correct agents.defaults.model.primary.",
      };
    case "server":
      return { message: `${name} had an internal error${status}.`, hint: "Try again in a minute." };
    case "garbled":
      return {
        message: `${name} broke off or sent something that is not a valid answer.`,
        hint: "Try again. If it stays so, check that api matches what the server speaks.",
      };
    default:
      return { message: `${name} failed: ${failure.detail}`, hint: "Try again, or pick another model with /model." };
  }
}
