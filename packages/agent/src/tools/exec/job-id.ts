const ADJECTIVES =
  "amber brisk calm clear deep early fair glad keen lucid mild neat quick quiet rapid solid swift tidal vivid warm".split(
    " ",
  );
const NOUNS =
  "basin birch brook cedar cliff coral cove delta dune fern fjord glade harbor lagoon marsh reef ridge shoal spruce tide".split(
    " ",
  );

function pick(words: readonly string[]): string | undefined {
  return words[Math.floor(Math.random() * words.length)];
}

/** Two words: easy to repeat for a model and for a person. */
export function newJobId(taken: ReadonlyMap<string, unknown>): string {
  for (let attempt = 0; attempt < 20; attempt++) {
    const id = `${pick(ADJECTIVES)}-${pick(NOUNS)}`;
    if (!taken.has(id)) return id;
  }
  return `job-${crypto.randomUUID().slice(0, 8)}`;
}
