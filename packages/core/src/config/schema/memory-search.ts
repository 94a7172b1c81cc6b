import { Type } from "typebox";
import { choice, flag, int, list, map, num, path, section, secret, strings, text, type Annotations } from "./dsl.ts";

export function memorySearch(description: string, base: boolean) {
  const d = <T>(value: T): Annotations<T> => (base ? { default: value } : {});
  return section(description, {
    enabled: flag("Offer memory search.", d(true)),
    sources: list("What is searched.", choice(["memory", "sessions"], "Source."), d(["memory"])),
    extraPaths: strings("Further files and directories."),
    experimental: section("Switches that may go away.", { sessionMemory: flag("Search transcripts.", d(false)) }),
    provider: choice(
      ["auto", "openai", "gemini", "local", "voyage", "ollama"],
      "Who makes the embeddings. Default: the first that has a key.",
    ),
    fallback: choice(["openai", "gemini", "local", "voyage", "none"], "Used when the provider fails."),
    model: text("Embedding model."),
    remote: section("Embeddings over HTTP.", {
      baseUrl: text("Address of the API."),
      apiKey: secret("Key."),
      headers: map("Further headers.", Type.String(), { key: "Header-Name" }),
      batch: section("Batch jobs.", {
        enabled: flag("Use them for large indexes.", d(true)),
        wait: flag("Wait for the job.", d(true)),
        concurrency: int("Jobs at the same time.", { ...d(2), minimum: 1 }),
        pollIntervalMs: int("Time between looks.", { ...d(2000), minimum: 1, unit: "ms" }),
        timeoutMinutes: int("Longest job.", { ...d(60), minimum: 1, unit: "min" }),
      }),
    }),
    local: section("Embeddings on this machine.", {
      modelPath: text("GGUF file or hf: address."),
      modelCacheDir: path("Where downloads go."),
    }),
    store: section("The index.", {
      driver: choice(["sqlite"], "Storage.", d("sqlite" as const)),
      path: path("File. Default: memory/{agentId}.sqlite in the state directory."),
      vector: section("Vector extension.", { enabled: flag("Use it.", d(true)), extensionPath: path("Library.") }),
    }),
    chunking: section("How texts are cut.", {
      tokens: int("Length of a piece.", { ...d(400), minimum: 1, unit: "tokens" }),
      overlap: int("Overlap of neighbours.", { ...d(80), minimum: 0, unit: "tokens" }),
    }),
    sync: section("When the index follows the files.", {
      onSessionStart: flag("At the start of a session.", d(true)),
      onSearch: flag("At a search.", d(true)),
      watch: flag("When a file changes.", d(true)),
      watchDebounceMs: int("Quiet time after a change.", { ...d(1500), minimum: 0, unit: "ms" }),
      intervalMinutes: int("Regularly; 0 never.", { ...d(0), minimum: 0, unit: "min" }),
      sessions: section("Growth of a transcript before it is indexed again.", {
        deltaBytes: int("Bytes.", { ...d(100_000), minimum: 0, unit: "bytes" }),
        deltaMessages: int("Messages.", { ...d(50), minimum: 0, unit: "messages" }),
      }),
    }),
    query: section("Results.", {
      maxResults: int("Most results.", { ...d(6), minimum: 1 }),
      minScore: num("Least score.", { ...d(0.35), minimum: 0, maximum: 1 }),
      hybrid: section("Vector and full text together.", {
        enabled: flag("Combine both.", d(true)),
        vectorWeight: num("Weight of vectors.", { ...d(0.7), minimum: 0, maximum: 1 }),
        textWeight: num("Weight of full text.", { ...d(0.3), minimum: 0, maximum: 1 }),
        candidateMultiplier: int("Candidates for each result.", { ...d(4), minimum: 1, maximum: 20 }),
      }),
    }),
    cache: section("Cache of embeddings.", {
      enabled: flag("Keep them.", d(true)),
      maxEntries: int("Most entries.", { minimum: 1 }),
    }),
  });
}
