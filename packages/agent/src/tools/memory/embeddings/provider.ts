export type EmbeddingProviderId = "local" | "openai" | "gemini" | "voyage" | "ollama";

/** Makes vectors of texts. Texts of like meaning get vectors that point the same way. */
export interface EmbeddingProvider {
  id: EmbeddingProviderId;
  model: string;
  /** Tells apart where the vectors come from (address and model), so that none of another place are mixed in. No secret. */
  key: string;
  /** Texts in one call. */
  batchSize: number;
  /** Calls at the same time. */
  concurrency: number;
  /**
   * Cosine of unrelated texts and of texts that say the same, for models whose cosines do not fill 0 to 1. Scores are
   * stretched between them.
   */
  range?: readonly [unrelated: number, same: number];
  /** Vectors of length 1, one for each text. Rejects when the call fails; `EmbeddingFailure` says whether to try again. */
  embed(texts: readonly string[], kind: "query" | "document", signal?: AbortSignal): Promise<Float32Array[]>;
  /** Frees what it holds; the next call takes it again. */
  close(): void;
}

const marker = Symbol.for("openclaw.embedding-failure");

/** A call that failed. Its message is safe to show: it holds neither key nor text. */
export class EmbeddingFailure extends Error {
  /** Another try may succeed. */
  readonly retryable: boolean;
  readonly [marker] = true;

  constructor(message: string, { retryable, cause }: { retryable: boolean; cause?: unknown }) {
    super(message, cause === undefined ? undefined : { cause });
    this.retryable = retryable;
  }

  static is(value: unknown): value is EmbeddingFailure {
    return typeof value === "object" && value !== null && marker in value;
  }
}

/** The same direction with length 1. A vector of zeros stays as it is. */
export function unitVector(values: ArrayLike<number>): Float32Array {
  const vector = Float32Array.from(values);
  const length = Math.hypot(...vector);
  if (length > 0) for (let index = 0; index < vector.length; index++) vector[index] = (vector[index] ?? 0) / length;
  return vector;
}
