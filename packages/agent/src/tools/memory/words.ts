/** Words that carry no meaning of their own, English and French. */
const stopWords = new Set(
  (
    "a an the this that these those it its i me my mine we us our you your he she they them his her their is are was were be been am do does did " +
    "have has had will would can could should of to in on at for from by with about into as and or but not no so if then there here what which who " +
    "when where why how any some all please just tell give show un une le la les l de des du d au aux et ou mon ma mes ton ta tes son sa ses je tu il elle nous vous " +
    "ce cette ces que qui quoi est sont dans sur pour par avec en ne pas se me te y"
  ).split(" "),
);

/** Lower-case words without accents. */
export function words(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

export function contentWords(text: string): string[] {
  return words(text).filter((word) => !stopWords.has(word));
}

export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
