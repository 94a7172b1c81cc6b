import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { silentLog } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import { createFakeClock } from "@openclaw/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startEmbeddingServer, type EmbeddingServer } from "../../../test/embedding-server.ts";
import { chooseProviders } from "./embeddings/choose-provider.ts";
import { createMemoryIndex, type MemoryIndex } from "./memory-index.ts";
import { readMemorySettings } from "./memory-settings.ts";
import { createMemoryTools } from "./memory-tools.ts";

type Search = NonNullable<NonNullable<NonNullable<OpenClawConfig["agents"]>["defaults"]>["memorySearch"]>;

let root: string;
let workspace: string;
let stateDir: string;
let server: EmbeddingServer;
let clock: ReturnType<typeof createFakeClock>;
const open: MemoryIndex[] = [];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "vectors-"));
  workspace = join(root, "workspace");
  stateDir = join(root, "state");
  mkdirSync(workspace);
  server = await startEmbeddingServer();
  clock = createFakeClock();
});
afterEach(async () => {
  for (const memory of open.splice(0)) memory.close();
  await server.close();
  rmSync(root, { recursive: true });
});

function note(path: string, text: string): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), text);
}

function index(search: Search = {}, env: Record<string, string> = {}): MemoryIndex {
  const config: OpenClawConfig = {
    agents: {
      defaults: {
        memorySearch: {
          provider: "openai",
          ...search,
          remote: { baseUrl: server.url, apiKey: "canary-key", ...search.remote },
        },
      },
    },
  };
  const settings = readMemorySettings({ agentId: "main", config, stateDir, env });
  const providers = chooseProviders({ settings: settings.embedding, stateDir, env, clock, fetch: globalThis.fetch });
  const made = createMemoryIndex({ settings, workspace, providers, clock, log: silentLog });
  open.push(made);
  return made;
}

function notes(): void {
  note("memory/2026-11-01.md", "The spare key is with Anna.");
  note("memory/2026-11-02.md", "Okafor, Tuesday at nine.");
  note("memory/2026-11-03.md", "Rua Augusta 12 in Lisbon, hotel until the 14th.");
  note("memory/2026-11-04.md", "Bought bread and milk.");
}

const embedded = () => server.calls.flatMap(({ texts }) => texts);
const database = () => new DatabaseSync(join(stateDir, "memory/main.sqlite"), { readOnly: true });

/** Without sqlite-vec, whose table every process shares. */
const inMemory: Search = { store: { vector: { enabled: false } } };

describe("search with vectors", () => {
  it("finds what was said in other words, and says how fresh the answer is", async () => {
    notes();
    const answer = await index().search("my teeth");
    expect(answer).toMatchObject({
      mode: "hybrid",
      provider: "openai",
      model: "text-embedding-3-small",
      dirty: false,
      indexedAt: "2026-01-01T00:00:00.000Z",
      results: [
        {
          path: "memory/2026-11-02.md",
          startLine: 1,
          endLine: 1,
          date: "2026-11-02",
          snippet: "Okafor, Tuesday at nine.",
        },
      ],
    });
    expect(answer).not.toHaveProperty("note");
  });

  it("weighs meaning .7 and words .3, and leaves out what scores less than .35", async () => {
    note("memory/a.md", "hotel");
    note("memory/b.md", "bread");
    const { results } = await index().search("hotel");
    expect(results).toMatchObject([{ path: "memory/a.md", score: 1 }]);
    const weighed = await index({ query: { minScore: 0, hybrid: { vectorWeight: 0, textWeight: 1 } } }).search("hotel");
    expect(weighed.results.map(({ path, score }) => [path, score])).toEqual([
      ["memory/a.md", 1],
      ["memory/b.md", 0],
    ]);
  });

  it("sends the key to its own address alone, and documents and questions as such", async () => {
    notes();
    await index().search("teeth");
    await index({ provider: "voyage", remote: { headers: { "x-team": "blue" } } }).search("teeth");
    await index({ provider: "gemini", model: "models/gemini-embedding-001" }).search("teeth");
    await index({ provider: "ollama" }).search("teeth");
    const last = (path: string, kind: string) =>
      server.calls.find((call) => call.path === path && JSON.stringify(call.body).includes(kind));
    expect(server.calls[0]?.headers["authorization"]).toBe("Bearer canary-key");
    expect(last("/v1/embeddings", '"input_type":"query"')?.headers).toMatchObject({ "x-team": "blue" });
    expect(
      last("/v1/models/gemini-embedding-001:batchEmbedContents", "RETRIEVAL_DOCUMENT")?.headers["x-goog-api-key"],
    ).toBe("canary-key");
    expect(last("/v1/models/gemini-embedding-001:batchEmbedContents", "RETRIEVAL_QUERY")?.texts).toEqual(["teeth"]);
    expect(last("/v1/embeddings", "nomic-embed-text")).toBeDefined();
    const own = { provider: "openai" as const, remote: { apiKey: "" } };
    const settings = readMemorySettings({
      agentId: "main",
      config: { agents: { defaults: { memorySearch: { ...own, remote: { baseUrl: server.url } } } } },
      stateDir,
      env: {},
    });
    const [provider] = chooseProviders({
      settings: settings.embedding,
      stateDir,
      env: { OPENAI_API_KEY: "canary-env" },
      clock,
      fetch: globalThis.fetch,
    });
    await provider?.embed(["x"], "query");
    expect(server.calls.at(-1)?.headers["authorization"]).toBeUndefined();
  });

  it("embeds each text once: again neither after a restart, nor in another file, nor when only one of many changed", async () => {
    notes();
    await index().search("teeth");
    expect(embedded()).toHaveLength(5);
    open.pop()?.close();
    await index().search("teeth");
    expect(embedded()).toHaveLength(6);
    note("memory/2026-11-09.md", "Okafor, Tuesday at nine.");
    note("memory/2026-11-04.md", "Bought cheese.");
    await index().search("teeth");
    expect(embedded().slice(6)).toEqual(["Bought cheese.", "teeth"]);
  });

  it("forgets the vectors of notes that are gone", async () => {
    notes();
    const memory = index(inMemory);
    expect((await memory.search("teeth")).results).toHaveLength(1);
    // Vectors that stayed would take the places of those that are meant.
    for (let number = 0; number < 10; number++) note(`memory/gone-${number}.md`, `tooth ${number}`);
    expect((await memory.search("teeth", { maxResults: 1 })).results[0]?.path).toMatch(/gone/);
    for (let number = 0; number < 10; number++) rmSync(join(workspace, `memory/gone-${number}.md`));
    expect((await memory.search("teeth", { maxResults: 1 })).results[0]?.path).toBe("memory/2026-11-02.md");
    rmSync(join(workspace, "memory/2026-11-02.md"));
    expect((await memory.search("teeth")).results).toEqual([]);
    expect((await memory.search("sleeping in Portugal")).results).toHaveLength(1);
  });

  it("sees what another process wrote into the same index", async () => {
    notes();
    const first = index(inMemory);
    await first.search("teeth");
    note("memory/new.md", "Ada eats fish.");
    await index(inMemory).search("teeth");
    const [hit] = (await first.search("pet")).results;
    expect(hit?.path).toBe("memory/new.md");
    expect(embedded().filter((text) => text === "Ada eats fish.")).toHaveLength(1);
  });

  it("searches extra paths, and memory_get reads what it found there", async () => {
    mkdirSync(join(root, "notes/deep"), { recursive: true });
    writeFileSync(join(root, "notes/deep/pets.md"), "The cat is called Ada.");
    writeFileSync(join(root, "notes/secret.txt"), "cat");
    const memorySearch = { extraPaths: [join(root, "notes")], query: { hybrid: { enabled: false } } };
    const memory = createMemoryTools({
      stateDir,
      clock,
      log: silentLog,
      config: { agents: { defaults: { memorySearch } } },
    });
    const context = {
      toolCallId: "1",
      agentId: "main",
      sessionKey: "s",
      workspace,
      signal: new AbortController().signal,
      update: () => {},
      log: silentLog,
    };
    const found = await memory.tools[0].execute({ query: "cat" }, context);
    const path = join(root, "notes/deep/pets.md");
    expect(found.details).toMatchObject({ results: [{ path }] });
    expect((await memory.tools[1].execute({ path }, context)).details).toMatchObject({
      text: "The cat is called Ada.",
    });
    await expect(memory.tools[1].execute({ path: join(root, "notes/secret.txt") }, context)).rejects.toMatchObject({
      code: "MEMORY_PATH",
    });
    memory.close();
  });
});

describe("without vectors", () => {
  it("goes by words and says so", async () => {
    notes();
    const memory = index({ provider: "gemini", remote: { baseUrl: "" } });
    open.pop();
    memory.close();
    const settings = readMemorySettings({ agentId: "main", config: {}, stateDir, env: {} });
    const words = createMemoryIndex({ settings, workspace, providers: [], clock, log: silentLog });
    open.push(words);
    expect(await words.search("key Anna")).toMatchObject({
      mode: "full-text",
      note: "Found by words alone: no embedding provider. Try other words too.",
      dirty: false,
      results: [{ path: "memory/2026-11-01.md" }],
    });
  });

  it("answers from words while the provider fails, without key or text in the reason, and tries again after a minute", async () => {
    notes();
    const memory = index();
    server.fail(401);
    const answer = await memory.search("key");
    expect(answer).toMatchObject({ mode: "full-text", dirty: true, results: [{ path: "memory/2026-11-01.md" }] });
    expect(answer.note).toBe(`Found by words alone: ${new URL(server.url).host} refused the openai key.`);
    await memory.search("key");
    expect(server.calls).toHaveLength(1);
    await clock.advance(61_000);
    expect(await memory.search("teeth")).toMatchObject({
      mode: "hybrid",
      dirty: false,
      results: [{ path: "memory/2026-11-02.md" }],
    });
  });

  it("tries again after 0.5, 1 and 2 s when the provider is busy", async () => {
    notes();
    const memory = index();
    server.fail(429, 500, 503);
    await memory.sync();
    for (const [tried, ms] of [500, 1000, 2000].entries()) {
      await vi.waitFor(() => expect(clock.pending()).toEqual([clock.now() + ms]));
      expect(server.calls).toHaveLength(tried + 1);
      await clock.advance(ms);
    }
    await memory.settled();
    expect(server.calls).toHaveLength(4);
    expect(await memory.search("teeth")).toMatchObject({ mode: "hybrid", dirty: false });
  });

  it("hands over to the fallback when the provider fails", async () => {
    notes();
    const fallback = await startEmbeddingServer();
    const settings = readMemorySettings({
      agentId: "main",
      config: {
        agents: {
          defaults: {
            memorySearch: { provider: "openai", fallback: "voyage", remote: { baseUrl: server.url, apiKey: "k" } },
          },
        },
      },
      stateDir,
      env: {},
    });
    // The stand-in lives at its usual address, which a test cannot use.
    const fetch: typeof globalThis.fetch = (url, init) =>
      globalThis.fetch((url as string).replace("https://api.voyageai.com/v1", fallback.url), init);
    const providers = chooseProviders({
      settings: settings.embedding,
      stateDir,
      env: { VOYAGE_API_KEY: "canary-voyage" },
      clock,
      fetch,
    });
    const memory = createMemoryIndex({ settings, workspace, providers, clock, log: silentLog });
    open.push(memory);
    server.fail(401);
    await memory.sync();
    await memory.settled();
    expect(await memory.search("teeth")).toMatchObject({
      mode: "hybrid",
      provider: "voyage",
      results: [{ path: "memory/2026-11-02.md" }],
    });
    expect(fallback.calls.every(({ headers }) => headers["authorization"] === "Bearer canary-voyage")).toBe(true);
    await fallback.close();
  });
});

describe("the index is built anew", () => {
  const inode = () => statSync(join(stateDir, "memory/main.sqlite")).ino;

  it("beside the old one and put in its place when model, provider, address or chunking change, and only then", async () => {
    notes();
    await index().search("teeth");
    const first = inode();
    open.pop()?.close();
    await index().search("teeth");
    expect(inode()).toBe(first);
    let before = first;
    for (const change of [{ model: "other" }, { provider: "voyage" as const }, { chunking: { tokens: 100 } }]) {
      open.pop()?.close();
      const answer = await index(change).search("teeth");
      expect(answer).toMatchObject({ mode: "hybrid", results: [{ path: "memory/2026-11-02.md" }] });
      expect(inode()).not.toBe(before);
      before = inode();
      expect(readdirSync(join(stateDir, "memory")).filter((name) => name.includes("new"))).toEqual([]);
    }
  });

  it("with the vectors it can still use", async () => {
    notes();
    await index().search("teeth");
    open.pop()?.close();
    await index({ chunking: { tokens: 200 } }).search("teeth");
    expect(embedded()).toHaveLength(6);
  });

  it("when vectors come back in another size", async () => {
    notes();
    const memory = index();
    await memory.search("teeth");
    server.dims = 16;
    note("memory/2026-11-10.md", "Ada eats fish.");
    await memory.search("bread");
    expect(await memory.search("pet")).toMatchObject({ dirty: false, results: [{ path: "memory/2026-11-10.md" }] });
    const db = database();
    const sizes = db.prepare("SELECT DISTINCT json_array_length(embedding) AS size FROM chunks").all();
    db.close();
    expect(sizes.map(({ size }) => size)).toEqual([16]);
  });

  it("and another process that has the old one open goes over to it", async () => {
    notes();
    const first = index();
    await first.search("teeth");
    await index({ model: "other" }).search("teeth");
    note("memory/new.md", "Ada eats fish.");
    expect((await first.search("pet")).results[0]?.path).toBe("memory/new.md");
    const db = database();
    expect(db.prepare("SELECT path FROM files WHERE path = 'memory/new.md'").all()).toHaveLength(1);
    db.close();
  });
});

it("notes are embedded 1.5 s after they were written, before anybody asks", async () => {
  mkdirSync(join(workspace, "memory"));
  const memorySearch = { provider: "openai" as const, remote: { baseUrl: server.url, apiKey: "k" } };
  const memory = createMemoryTools({
    stateDir,
    clock,
    log: silentLog,
    config: { agents: { defaults: { memorySearch } } },
  });
  const context = {
    toolCallId: "1",
    agentId: "main",
    sessionKey: "s",
    workspace,
    signal: new AbortController().signal,
    update: () => {},
    log: silentLog,
  };
  await memory.tools[0].execute({ query: "x" }, context);
  note("memory/today.md", "Ada eats fish.");
  await vi.waitFor(() => expect(clock.pending()).toHaveLength(1));
  await clock.advance(1_400);
  expect(embedded()).not.toContain("Ada eats fish.");
  await clock.advance(100);
  await vi.waitFor(() => expect(embedded()).toContain("Ada eats fish."));
  memory.close();
});

it.each(["memory", "sqlite-vec"])(
  "searches 5,000 chunks with vectors of 384 numbers within 30 ms (%s)",
  async (kind) => {
    server.dims = 384;
    for (let file = 0; file < 250; file++) {
      const lines = Array.from(
        { length: 460 },
        (_, line) => `Entry ${file}-${line} about topic${(file * 7 + line) % 900} and the usual words of a day`,
      );
      note(`memory/2026-${file}.md`, lines.join("\n"));
    }
    const search = { store: { vector: { enabled: kind === "sqlite-vec" } } };
    const memory = index(search);
    await memory.sync();
    await memory.settled();
    const db = database();
    expect(db.prepare("SELECT count(*) AS count FROM chunks WHERE embedding <> '[]'").get()?.["count"]).toBeGreaterThan(
      5_000,
    );
    db.close();
    await memory.search("warm");
    // Processor time: the machine may be busy with other things.
    const times: number[] = [];
    for (let round = 0; round < 20; round++) {
      const start = process.cpuUsage();
      expect(await memory.search(`topic${round * 31} usual day`)).toMatchObject({ mode: "hybrid" });
      const { user, system } = process.cpuUsage(start);
      times.push((user + system) / 1000);
    }
    expect(times.toSorted((a, b) => a - b)[9]).toBeLessThan(30);
  },
  120_000,
);
