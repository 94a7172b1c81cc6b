import { OpenClawError } from "@openclaw/core";

/** Why a model call failed, as far as we act on it. */
export type FailureKind =
  | "auth"
  | "billing"
  | "rate-limit"
  | "overloaded"
  | "timeout"
  | "network"
  | "context-overflow"
  | "format"
  | "not-found"
  | "server"
  | "garbled"
  | "unknown";

export interface Failure {
  kind: FailureKind;
  /** HTTP status, when the provider answered. */
  status?: number;
  /** What the provider said, shortened and without secrets. For logs and `--json`. */
  detail: string;
  /** The provider asked to wait this long. */
  retryAfterMs?: number;
}

const OVERFLOW =
  /prompt (?:is )?too long|request_too_large|context[_ ]length[_ ]exceeded|exceeds? the (?:available )?context (?:window|size)|maximum (?:context|prompt) length|input (?:token count|length).{0,60}exceeds|greater than the context length|context window exceeds|too many tokens|token limit exceeded|reduce the length of the messages|longer than the model'?s context/i;
const BILLING =
  /insufficient_quota|billing|credit balance|out of (?:budget|credits)|payment required|insufficient (?:funds|balance|credits)/i;
const OVERLOADED = /overloaded|high demand|at capacity|server is busy/i;
const RATE_LIMIT = /rate.?limit|too many requests|quota exceeded|resource.?exhausted/i;
const AUTH =
  /invalid (?:x-)?api[- ]?key|incorrect api key|api key not valid|authentication|unauthori[sz]ed|permission[_ ]denied|no api key/i;
const TIMEOUT = /timed? ?out|timeout|etimedout|deadline/i;
const NETWORK =
  /connection error|fetch failed|econnre(?:set|fused)|enotfound|eai_again|socket|other side closed|terminated|network|premature close|und_err/i;
const GARBLED =
  /unexpected token|not valid json|json|stream ended|without finish_reason|before message_stop|before terminal|unexpected end|malformed|without any (?:events|data)|missing/i;

/** Sorts what a provider adapter reported. `status` and `retryAfterMs` come from the HTTP answer when it was seen. */
export function classifyFailure(message: string, http: { status?: number; retryAfterMs?: number } = {}): Failure {
  const status = (http.status ?? 200) >= 400 ? http.status : statusIn(message);
  const retryAfterMs = http.retryAfterMs ?? delayIn(message);
  return {
    kind: kindOf(message, status),
    ...(status === undefined ? {} : { status }),
    detail: safeDetail(message),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function kindOf(message: string, status: number | undefined): FailureKind {
  if (OVERFLOW.test(message) && status !== 429) return "context-overflow";
  if (status === 402 || (BILLING.test(message) && (status === undefined || status < 500))) return "billing";
  if (status === 401 || status === 403) return "auth";
  if (status === 429) return OVERLOADED.test(message) ? "overloaded" : "rate-limit";
  if (status === 529 || (status === 503 && OVERLOADED.test(message))) return "overloaded";
  if (status === 408 || status === 504) return "timeout";
  if (status === 404) return "not-found";
  if (status === 413) return "context-overflow";
  if (status !== undefined && status >= 500) return "server";
  if (status !== undefined && status >= 400) return AUTH.test(message) ? "auth" : "format";
  if (OVERLOADED.test(message)) return "overloaded";
  if (RATE_LIMIT.test(message)) return "rate-limit";
  if (AUTH.test(message)) return "auth";
  if (TIMEOUT.test(message)) return "timeout";
  if (NETWORK.test(message)) return "network";
  if (GARBLED.test(message)) return "garbled";
  return "unknown";
}

function statusIn(message: string): number | undefined {
  const found = /^\s*(?:\S+ )?\(?([45]\d\d)\)?\b/.exec(message) ?? /"(?:code|status)"\s*:\s*([45]\d\d)\b/.exec(message);
  return found ? Number(found[1]) : undefined;
}

/** Google puts the wait into the body: `"retryDelay": "34s"`. */
function delayIn(message: string): number | undefined {
  const found = /retryDelay\W{1,8}(\d+(?:\.\d+)?)s/.exec(message);
  return found ? Number(found[1]) * 1000 : undefined;
}

/** Long runs of key characters never belong in a message; providers echo the key they refused. */
export function safeDetail(message: string): string {
  const masked = message.replaceAll(/\b(?:sk|key|gsk|xai|AIza|ya29)[-_A-Za-z0-9*]{8,}/g, "***");
  return masked.length > 300 ? `${masked.slice(0, 300)}…` : masked;
}

/** The same failure may go away by itself within seconds. */
export function isTransient(kind: FailureKind): boolean {
  return (
    kind === "rate-limit" || kind === "overloaded" || kind === "network" || kind === "server" || kind === "garbled"
  );
}

export interface FailedAttempt {
  provider: string;
  model: string;
  failure: Failure;
  /** Where the key came from, when one was used. */
  keyFrom?: string;
  /** Set when the model could not even be asked (no key, unknown provider): it says so itself. */
  error?: OpenClawError;
}

/** One error for a turn whose every candidate failed. The first failure decides what to do next. */
export function turnError(attempts: readonly FailedAttempt[]): OpenClawError {
  const first = attempts[0];
  if (!first) return new OpenClawError({ code: "MODEL_FAILED", message: "No model could be asked." });
  const { message, hint = "" } = first.error ?? sentence(first);
  const others = attempts
    .slice(1)
    .filter((attempt) => attempt.model !== first.model || attempt.provider !== first.provider);
  const names = others.map((attempt) => `${attempt.provider}/${attempt.model} (${SHORT[attempt.failure.kind]})`);
  return new OpenClawError({
    code: first.error?.code ?? `MODEL_${first.failure.kind.toUpperCase().replaceAll("-", "_")}`,
    message: names.length > 0 ? `${message} The fallbacks failed too: ${[...new Set(names)].join(", ")}.` : message,
    hint,
    details: {
      attempts: attempts.map(({ provider, model, failure }) => ({
        provider,
        model,
        kind: failure.kind,
        status: failure.status,
        detail: failure.detail,
      })),
    },
  });
}

/** Words for lists and fallback events. */
export const SHORT: Readonly<Record<FailureKind, string>> = {
  auth: "key refused",
  billing: "no credit",
  "rate-limit": "rate limit",
  overloaded: "overloaded",
  timeout: "no answer in time",
  network: "not reachable",
  "context-overflow": "conversation too long",
  format: "request refused",
  "not-found": "model not found",
  server: "server error",
  garbled: "unreadable answer",
  unknown: "failed",
};

function sentence({ provider, model, failure, keyFrom }: FailedAttempt): { message: string; hint: string } {
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
            hint: `Set its key in the environment, in auth-profiles.json or as models.providers.${provider}.apiKey.`,
          };
    case "billing":
      return {
        message: `${provider} says the account has no credit left${status}.`,
        hint: "Top up the account, or switch with /model to another provider.",
      };
    case "rate-limit": {
      const wait = failure.retryAfterMs ? ` Try again in ${Math.ceil(failure.retryAfterMs / 1000)} s.` : "";
      return {
        message: `${name} is rate limited${status}.`,
        hint: `${wait || " Try again in a minute."} A fallback model (agents.defaults.model.fallbacks) would step in.`.trim(),
      };
    }
    case "overloaded":
      return { message: `${name} is overloaded${status}.`, hint: "Try again in a minute, or set a fallback model." };
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
