import type { EmbeddingProvider } from "../tools/memory/embeddings/provider.ts";
import { meanings } from "./skills/meanings.ts";

export interface Meaning {
  /** The rule that a text means; undefined when it means none, or has not been learned. */
  ruleOf(text: string): string | undefined;
  /** Texts that `ruleOf` was asked about and did not know. */
  unknown(): string[];
  /** Finds out what texts mean. A failure leaves them without a meaning. */
  learn(texts: readonly string[]): Promise<void>;
}

/**
 * Cosine from which a text means the same as an example. Paraphrases of the examples score 0.55 and more, other requests
 * about the same subject up to 0.5.
 */
const same = 0.55;
/** Transcripts are replayed step by step, so a few texts are asked about again and again. */
const kept = 200;

/** Compares texts with what people say when they mean a rule. The same text always means the same. */
export function createMeaning(embed: EmbeddingProvider["embed"]): Meaning {
  const known = new Map<string, string | undefined>();
  const asked = new Set<string>();
  let examples: Promise<{ id: string; vector: Float32Array }[]> | undefined;

  async function loadExamples(): Promise<{ id: string; vector: Float32Array }[]> {
    const pairs = Object.entries(meanings).flatMap(([id, texts]) => texts.map((text) => ({ id, text })));
    const vectors = await embed(
      pairs.map(({ text }) => text),
      "document",
    );
    return pairs.flatMap(({ id }, index) => {
      const vector = vectors[index];
      return vector ? [{ id, vector }] : [];
    });
  }

  async function find(text: string): Promise<string | undefined> {
    examples ??= loadExamples();
    examples.catch(() => (examples = undefined));
    const [all, [vector]] = await Promise.all([examples, embed([text], "query")]);
    const scored = all.map((example) => ({ id: example.id, cosine: vector ? dot(vector, example.vector) : 0 }));
    const best = scored.reduce((a, b) => (b.cosine > a.cosine ? b : a), { id: "", cosine: 0 });
    return best.cosine >= same ? best.id : undefined;
  }

  return {
    ruleOf(text) {
      if (!known.has(text)) asked.add(text);
      return known.get(text);
    },
    unknown: () => [...asked],
    async learn(texts) {
      for (const text of texts) {
        asked.delete(text);
        if (known.size >= kept) known.delete([...known.keys()][0] ?? "");
        known.set(text, await find(text).catch(() => undefined));
      }
    },
  };
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
