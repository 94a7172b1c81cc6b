import type { Agent, Turn, TurnInput, TurnResult } from "@openclaw/agent";

/** One turn whose end the test decides. */
export interface HeldTurn {
  input: TurnInput;
  /** What was steered into it. */
  steered: string[];
  finish(text: string, result?: Partial<TurnResult>): Promise<void>;
}

/** An agent that answers when the test says so. Aborting its signal ends a turn as aborted, as the real one does. */
export function createFakeAgent(): { agent: Agent; turns: HeldTurn[] } {
  const turns: HeldTurn[] = [];
  const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, total: 2, cost: 0 };
  const base = { provider: "fake", model: "fake", usage, attempts: [] };
  const agent: Agent = {
    run(given) {
      const input = typeof given === "string" ? { message: { text: given } } : given;
      const steered: string[] = [];
      let settle: (result: TurnResult) => void = () => {};
      const result = new Promise<TurnResult>((resolve) => (settle = resolve));
      input.signal?.addEventListener("abort", () => settle({ ...base, status: "aborted", payloads: [] }));
      if (input.message)
        input.transcript?.append({
          type: "message",
          runId: input.runId,
          message: { role: "user", content: input.message.text },
        });
      turns.push({
        input,
        steered,
        async finish(text, rest = {}) {
          settle({ ...base, status: "ok", payloads: [{ text }], ...rest });
          await new Promise((resolve) => setImmediate(resolve));
        },
      });
      const turn: Turn = {
        result,
        steer(text) {
          steered.push(text);
          return true;
        },
        [Symbol.asyncIterator]: () => ({
          next: async () => {
            await result;
            return { done: true as const, value: undefined };
          },
        }),
      };
      return turn;
    },
    compact: async () => ({
      compacted: true,
      by: "model",
      tokensBefore: 90_000,
      tokensAfter: 9_000,
      contextWindow: 100_000,
      kept: 3,
    }),
    models: async () => [],
    skillCommands: async () => [],
    resolveModel: async () => ({ provider: "fake", model: "fake", kind: "llm", source: "config", steps: [] }),
    identity: async () => ({ name: "Fake" }),
    workplace: async () => ({ dir: "/" }),
    prepareWorkspace: async () => ({ dir: "/", created: [] }),
    close: async () => {},
  };
  return { agent, turns };
}
