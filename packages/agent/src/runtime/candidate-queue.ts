import type { CredentialOption } from "../auth/credentials.ts";
import type { CandidateEntry } from "./candidate.ts";
import type { FailureKind } from "./failure.ts";

/** Whom to ask now, and how. */
export interface Choice {
  entry: CandidateEntry;
  option?: CredentialOption;
  /** It failed a short while ago and others are waiting: not to be waited for long. */
  hurried: boolean;
}

export interface CandidateQueue {
  /** The best one left. Undefined: everybody was asked. */
  next(): Choice | undefined;
  /** Crosses the choice out and gives the next one. */
  failed(choice: Choice, kind: FailureKind): Choice | undefined;
}

/** Failures that another key of the same provider may not have. */
const ROTATES: readonly FailureKind[] = ["auth", "billing", "rate-limit"];

/**
 * The order of a turn: candidates as given, each with its credentials; those whose credentials all rest after the
 * others, unless a probe is due; nobody is left out for good.
 */
export function createCandidateQueue(candidates: readonly CandidateEntry[]): CandidateQueue {
  let left = [...candidates];
  const tried = new Map<CandidateEntry, Set<string>>();

  const optionsOf = (entry: CandidateEntry) =>
    entry.credentials?.().filter(({ id }) => !tried.get(entry)?.has(id)) ?? [];

  const next = (): Choice | undefined => {
    for (const entry of left) {
      const options = optionsOf(entry);
      // Without credentials, or with none left, there is one call to make: it says what is missing.
      if (options.length === 0) return { entry, hurried: false };
      const option = options.find(({ rest }) => !rest) ?? options.find(({ rest }) => rest?.probe);
      if (option) return { entry, option, hurried: option.rest !== undefined && left.length > 1 };
    }
    const entry = left[0];
    const option = entry && optionsOf(entry)[0];
    return entry && { entry, ...(option ? { option } : {}), hurried: left.length > 1 };
  };

  return {
    next,
    failed({ entry, option }, kind) {
      const done = tried.get(entry) ?? new Set<string>();
      if (option) done.add(option.id);
      tried.set(entry, done);
      if (!ROTATES.includes(kind) || optionsOf(entry).length === 0) left = left.filter((other) => other !== entry);
      return next();
    },
  };
}
