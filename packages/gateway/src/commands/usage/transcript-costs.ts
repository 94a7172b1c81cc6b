import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface Spent {
  /** Prompt tokens, cache included. */
  input: number;
  output: number;
  /** US dollars, as far as the price of the model is known. */
  cost: number;
  answers: number;
}

export interface TranscriptCosts {
  /** What one transcript's answers took. */
  ofFile(path: string): Promise<Spent>;
  /** What all transcripts in these folders took since a moment, epoch ms. Archived ones count: the money is gone. */
  since(folders: readonly string[], moment: number): Promise<Spent>;
}

/** Answers are added up in steps of this length, ms. Days begin on such a step in every time zone. */
const STEP_MS = 15 * 60_000;

interface Counted {
  /** Bytes read so far; transcripts only grow. */
  bytes: number;
  steps: Map<number, Spent>;
}

/** Adds up usage from transcripts, reading of each file only what was added since the last time. */
export function createTranscriptCosts(): TranscriptCosts {
  const files = new Map<string, Counted>();
  /** One reading of a file at a time; two at once would count lines twice. */
  const reading = new Map<string, Promise<Counted>>();

  function count(path: string): Promise<Counted> {
    const next = (reading.get(path) ?? Promise.resolve()).then(() => read(path));
    reading.set(path, next);
    return next.finally(() => {
      if (reading.get(path) === next) reading.delete(path);
    });
  }

  async function read(path: string): Promise<Counted> {
    const size = (await stat(path).catch(() => undefined))?.size ?? 0;
    const known = files.get(path);
    const counted: Counted = known && known.bytes <= size ? known : { bytes: 0, steps: new Map() };
    if (counted.bytes < size) {
      const lines = createInterface({
        input: createReadStream(path, { start: counted.bytes, end: size - 1 }),
        crlfDelay: Infinity,
      });
      for await (const line of lines) add(counted.steps, line);
      counted.bytes = size;
    }
    files.set(path, counted);
    return counted;
  }

  return {
    ofFile: async (path) => sum([...(await count(path)).steps.values()]),
    async since(folders, moment) {
      const total: Spent[] = [];
      for (const path of await transcriptsIn(folders, moment)) {
        const { steps } = await count(path);
        for (const [step, spent] of steps) if (step >= moment) total.push(spent);
      }
      return sum(total);
    },
  };
}

/** Files that were written since then; older ones hold nothing of interest. */
async function transcriptsIn(folders: readonly string[], moment: number): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      if (!/\.jsonl(?:\.deleted\.[^/]*)?$/.test(name)) continue;
      const path = join(folder, name);
      if (((await stat(path).catch(() => undefined))?.mtimeMs ?? 0) >= moment) found.push(path);
    }
  }
  return found;
}

interface UsageLine {
  timestamp?: string;
  message?: {
    role?: string;
    timestamp?: number;
    usage?: { input?: number; output?: number; cacheRead?: number; cacheWrite?: number; cost?: { total?: number } };
  };
}

function add(steps: Map<number, Spent>, line: string): void {
  // Tool results can be large and have no usage: not worth parsing.
  if (!line.includes('"usage"')) return;
  let entry: UsageLine;
  try {
    entry = JSON.parse(line) as UsageLine;
  } catch {
    return;
  }
  const { usage, role, timestamp } = entry.message ?? {};
  const at = timestamp ?? Date.parse(entry.timestamp ?? "");
  if (role !== "assistant" || !usage || !Number.isFinite(at)) return;
  const step = at - (at % STEP_MS);
  const spent = steps.get(step) ?? { input: 0, output: 0, cost: 0, answers: 0 };
  const input = number(usage.input) + number(usage.cacheRead) + number(usage.cacheWrite);
  if (input + number(usage.output) === 0) return;
  steps.set(step, {
    input: spent.input + input,
    output: spent.output + number(usage.output),
    cost: spent.cost + number(usage.cost?.total),
    answers: spent.answers + 1,
  });
}

const number = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : 0);

function sum(all: readonly Spent[]): Spent {
  const total = { input: 0, output: 0, cost: 0, answers: 0 };
  for (const { input, output, cost, answers } of all) {
    total.input += input;
    total.output += output;
    total.cost += cost;
    total.answers += answers;
  }
  return total;
}
