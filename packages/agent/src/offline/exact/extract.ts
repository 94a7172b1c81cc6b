import { contentWords } from "../../tools/memory/words.ts";

/**
 * The most central sentences, in their own order: those whose words are frequent in the whole text. Nothing is
 * rewritten. Text of `count` sentences or fewer comes back whole.
 */
export function extractSentences(text: string, count: number): string[] {
  const sentences = splitSentences(text);
  if (sentences.length <= count) return sentences;
  const frequency = new Map<string, number>();
  const wordsOf = sentences.map((sentence) => [...new Set(contentWords(sentence))]);
  for (const found of wordsOf) for (const word of found) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const scored = sentences.map((sentence, index) => {
    const found = wordsOf[index] ?? [];
    const weight = found.reduce((sum, word) => sum + Math.log(1 + (frequency.get(word) ?? 0)), 0);
    // Long sentences collect words, so length counts against them; the opening of a text usually says what it is about.
    const score = (weight / Math.sqrt(found.length + 8)) * (index === 0 ? 1.5 : 1);
    return { sentence, index, score: found.length < 3 ? 0 : score };
  });
  return scored
    .toSorted((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, count)
    .toSorted((a, b) => a.index - b.index)
    .map(({ sentence }) => sentence);
}

function splitSentences(text: string): string[] {
  return text
    .split(/\n\s*\n|\n(?=\s*(?:[-*#>|]|\d+\.)\s)/)
    .flatMap((block) =>
      block
        .replace(/^\s*(?:[-*>]|#+|\d+\.)\s+/, "")
        .replace(/\s+/g, " ")
        .trim()
        .split(/(?<=[.!?…]["')\]]?)\s+(?=[\p{Lu}\p{N}"'(«])/u),
    )
    .map((sentence) => sentence.trim())
    .filter((sentence) => /\p{L}{2}/u.test(sentence))
    .map((sentence) => (sentence.length > 400 ? `${sentence.slice(0, 400)}…` : sentence));
}
