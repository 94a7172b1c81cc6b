import type { StoredChunk } from "./memory-store.ts";
import { countTerms } from "./snippet.ts";

export interface RankInput {
  /** The words of the query that carry meaning. */
  terms: readonly string[];
  /** Chunks with all the words, best first, then those with some. */
  texts: readonly StoredChunk[];
  /** How many of `texts` have all the words. */
  complete: number;
  /** Nearest first, `similarity` from 0 to 1. Absent: words alone decide. */
  nearest?: readonly { chunk: StoredChunk; similarity: number }[];
  weights: { vector: number; text: number };
}

export interface Ranked {
  chunk: StoredChunk;
  /** 0 to 1. */
  score: number;
}

/** One order out of two, best first. */
export function rank(input: RankInput): Ranked[] {
  const ranked = input.nearest ? byBoth(input, input.nearest) : byWords(input);
  return ranked
    .map(({ chunk, score }) => ({ chunk, score: Math.round(Math.min(1, score) * 1000) / 1000 }))
    .toSorted((a, b) => b.score - a.score);
}

/** Mostly the share of the query's words that occur, then the place among the results. */
function byWords({ terms, texts }: RankInput): Ranked[] {
  return texts.map((chunk, place) => ({ chunk, score: 0.8 * share(chunk, terms) + 0.2 / (1 + place) }));
}

/**
 * Weighted sum of similarity and 1/(1 + place among the full-text results). Only a chunk with every word of the query is
 * evidence enough to hold against others that they lack it; without one similarity decides alone, or a paraphrase would
 * never reach the least score.
 */
function byBoth({ terms, texts, complete, weights }: RankInput, nearest: NonNullable<RankInput["nearest"]>): Ranked[] {
  const total = weights.vector + weights.text || 1;
  const found = new Map<string, { chunk: StoredChunk; vector: number; text: number }>();
  for (const { chunk, similarity } of nearest) found.set(chunk.id, { chunk, vector: similarity, text: 0 });
  for (const [place, chunk] of texts.entries()) {
    const entry = found.get(chunk.id) ?? { chunk, vector: 0, text: 0 };
    found.set(chunk.id, { ...entry, text: share(chunk, terms) / (1 + place) });
  }
  return [...found.values()].map(({ chunk, vector, text }) => {
    const both = (weights.vector * vector + weights.text * text) / total;
    return { chunk, score: complete > 0 ? both : Math.max(both, vector) };
  });
}

const share = (chunk: StoredChunk, terms: readonly string[]) =>
  terms.length === 0 ? 1 : Math.min(1, countTerms(chunk.text, terms) / terms.length);
