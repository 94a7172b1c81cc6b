import type { Clock } from "@openclaw/core";
import { EmbeddingFailure, type EmbeddingProvider } from "./provider.ts";

/** Tries after the first, and the waits before them: 0.5 s, doubled, at most 8 s. */
const retries = 3;
const firstWaitMs = 500;
const longestWaitMs = 8_000;

export interface EmbedBatchesOptions {
  provider: EmbeddingProvider;
  clock: Clock;
  signal: AbortSignal;
}

/** Vectors of any number of documents, in batches of which some run at the same time. */
export async function embedBatches(texts: readonly string[], options: EmbedBatchesOptions): Promise<Float32Array[]> {
  const { batchSize, concurrency } = options.provider;
  const batches = Array.from({ length: Math.ceil(texts.length / batchSize) }, (_, index) =>
    texts.slice(index * batchSize, (index + 1) * batchSize),
  );
  const results: Float32Array[][] = [];
  const work = batches.entries();
  const line = async () => {
    for (const [index, batch] of work) results[index] = await embedWithRetry(batch, options);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, batches.length) }, line));
  return results.flat();
}

/** One call, tried again when that may help. Rejects with the last failure. */
async function embedWithRetry(
  texts: readonly string[],
  { provider, clock, signal }: EmbedBatchesOptions,
): Promise<Float32Array[]> {
  for (let tried = 0; ; tried++) {
    try {
      return await provider.embed(texts, "document", signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!EmbeddingFailure.is(error) || !error.retryable || tried === retries) throw error;
      await clock.sleep(Math.min(longestWaitMs, firstWaitMs * 2 ** tried), signal);
    }
  }
}
