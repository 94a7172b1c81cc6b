import { expect, it } from "vitest";
import type { StoredChunk } from "./memory-store.ts";
import { rank } from "./rank.ts";

const chunk = (id: string, text: string): StoredChunk => ({ id, path: `${id}.md`, startLine: 1, endLine: 1, text });
const keys = chunk("keys", "the spare key is with Anna");
const bread = chunk("bread", "bread and a key");
const teeth = chunk("teeth", "Okafor on Tuesday");
const weights = { vector: 0.7, text: 0.3 };
const scores = (input: Parameters<typeof rank>[0]) => rank(input).map(({ chunk: { id }, score }) => [id, score]);

it("adds .7 of the similarity and .3 of 1/(1 + place among chunks with all the words)", () => {
  const nearest = [
    { chunk: keys, similarity: 0.8 },
    { chunk: teeth, similarity: 0.6 },
    { chunk: bread, similarity: 0.1 },
  ];
  expect(scores({ terms: ["key"], texts: [keys, bread], complete: 2, nearest, weights })).toEqual([
    ["keys", 0.86],
    ["teeth", 0.42],
    ["bread", 0.22],
  ]);
});

it("lets similarity decide alone when no chunk has all the words", () => {
  const nearest = [{ chunk: teeth, similarity: 0.4 }];
  expect(scores({ terms: ["tooth", "key"], texts: [bread], complete: 0, nearest, weights })).toEqual([
    ["teeth", 0.4],
    ["bread", 0.15],
  ]);
});

it("goes by the share of the words, then by place, when there are no vectors", () => {
  expect(scores({ terms: ["spare", "key"], texts: [keys, bread], complete: 1, weights })).toEqual([
    ["keys", 1],
    ["bread", 0.5],
  ]);
});
