import { OpenClawError, type Clock } from "@openclaw/core";
import { lastBoundary } from "@openclaw/core/sessions";
import type { UsageLedger } from "./usage-ledger.ts";

export interface Limit {
  usd?: number;
  tokens?: number;
}

/** `budgets` of the configuration. */
export interface Budgets {
  daily?: Limit;
  session?: Limit;
  causes?: Readonly<Record<string, Limit | undefined>>;
}

export interface BudgetQuestion {
  sessionId: string;
  cause: string;
  /** Tokens of the prompt that is about to be sent. */
  promptTokens: number;
  /** US dollars per million tokens. 0: unknown or free. */
  price: { input: number; cacheRead: number };
}

/** Throws `BUDGET_EXCEEDED`, which names the limit and when it opens again, if a call would go past one. */
export type BudgetGuard = (question: BudgetQuestion) => void;

export interface BudgetGuardOptions {
  budgets: Budgets;
  ledger: UsageLedger;
  clock: Clock;
  /** IANA zone in which days begin. */
  timezone: string;
}

/**
 * Weighs a call before it is made: what was spent plus what its prompt costs at least, cached where the provider has a
 * price for that. The answer's own length is not known yet, so a limit can be passed by one answer, never by a call.
 */
export function createBudgetGuard({ budgets, ledger, clock, timezone }: BudgetGuardOptions): BudgetGuard {
  return ({ sessionId, cause, promptTokens, price }) => {
    const today = () => lastBoundary(clock.now(), 0, timezone);
    const usd = (promptTokens * (price.cacheRead || price.input)) / 1_000_000;
    const weigh = (
      limit: Limit | undefined,
      key: string,
      what: string,
      query: Parameters<UsageLedger["spent"]>[0],
      opens: string,
    ) => {
      if (limit?.usd === undefined && limit?.tokens === undefined) return;
      const spent = ledger.spent(query);
      if (limit.tokens !== undefined && spent.tokens + promptTokens > limit.tokens) {
        throw exceeded(
          what,
          `${spent.tokens} of ${limit.tokens} tokens are used, and the next call needs about ${promptTokens}`,
          `${key}.tokens`,
          opens,
        );
      }
      if (limit.usd !== undefined && (spent.usd >= limit.usd || spent.usd + usd > limit.usd)) {
        throw exceeded(what, `$${spent.usd.toFixed(2)} of $${limit.usd.toFixed(2)} are spent`, `${key}.usd`, opens);
      }
    };
    const daily = `It opens again at midnight (${timezone}).`;
    weigh(
      budgets.causes?.[cause],
      `budgets.causes.${cause}`,
      `today's budget for ${CAUSES[cause] ?? cause}`,
      budgets.causes?.[cause] ? { since: today(), cause } : {},
      daily,
    );
    weigh(
      budgets.session,
      "budgets.session",
      "the budget of this conversation",
      { sessionId },
      "Send /new to start another one.",
    );
    weigh(budgets.daily, "budgets.daily", "today's budget", budgets.daily ? { since: today() } : {}, daily);
  };
}

const CAUSES: Readonly<Record<string, string>> = {
  message: "messages",
  heartbeat: "heartbeats",
  cron: "scheduled jobs",
  hook: "webhooks",
  subagent: "sub-agents",
};

function exceeded(what: string, how: string, key: string, opens: string): OpenClawError {
  return new OpenClawError({
    code: "BUDGET_EXCEEDED",
    message: `I did not ask the model: ${what} does not allow it (${how}).`,
    hint: `${opens} Or raise ${key}.`,
    details: { key },
  });
}
