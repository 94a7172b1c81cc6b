export interface LoopDetectorOptions {
  /** The same call in a row this often is answered with a warning instead of being run. */
  warnAt?: number;
  /** This often ends the turn. */
  stopAt?: number;
  /** Failing calls in a row that end the turn, whatever they are. */
  maxFailures?: number;
  /** Model calls in one turn. */
  maxCalls?: number;
}

export interface LoopDetector {
  /** Before a call is run. `refuse`: answer it with `reason`. */
  before(name: string, args: unknown): { refuse?: string };
  after(isError: boolean): void;
  modelCall(): void;
  /** Why the turn must end, as a sentence for the person. */
  verdict(): string | undefined;
}

/** Ends turns that go round in circles: they cost money and never come to an answer. */
export function createLoopDetector(options: LoopDetectorOptions = {}): LoopDetector {
  const { warnAt = 4, stopAt = 7, maxFailures = 15, maxCalls = 200 } = options;
  let last = "";
  let lastName = "";
  let same = 0;
  let failures = 0;
  let calls = 0;
  return {
    before(name, args) {
      const call = `${name} ${JSON.stringify(args)}`;
      same = call === last ? same + 1 : 1;
      last = call;
      lastName = name;
      if (same < warnAt) return {};
      return {
        refuse: `This is the ${same}th identical ${name} call in a row. It was not run: use the results you have, do something else, or answer the user.`,
      };
    },
    after(isError) {
      failures = isError ? failures + 1 : 0;
    },
    modelCall() {
      calls++;
    },
    verdict() {
      if (same >= stopAt) return `I stopped: the model asked for the same ${lastName} call ${same} times in a row.`;
      if (failures >= maxFailures) return `I stopped: ${failures} tool calls failed one after the other.`;
      if (calls >= maxCalls) return `I stopped after ${calls} model calls without a final answer.`;
      return undefined;
    },
  };
}
