import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { silentLog } from "@openclaw/core";
import type { ToolContext } from "@openclaw/plugin-sdk/tool";
import { createFakeClock } from "@openclaw/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chunkText } from "./chunk.ts";
import { createMemoryTools, type MemoryHit, type MemoryTools } from "./index.ts";

let root: string;
let memory: MemoryTools;
let workspace: string;
let stateDir: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "memory-"));
  workspace = join(root, "workspace");
  stateDir = join(root, "state");
  mkdirSync(workspace);
  memory = open();
});
afterEach(() => {
  memory.close();
  rmSync(root, { recursive: true });
});

function open(): MemoryTools {
  // Words alone: the optional model is installed here.
  const config = { agents: { defaults: { memorySearch: { query: { hybrid: { enabled: false } } } } } };
  return createMemoryTools({ stateDir, clock: createFakeClock(), log: silentLog, config });
}

function note(path: string, text: string): void {
  const absolute = join(workspace, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
}

function context(): ToolContext {
  return {
    toolCallId: "1",
    agentId: "main",
    sessionKey: "agent:main:main",
    workspace,
    signal: new AbortController().signal,
    update: () => {},
    log: silentLog,
  };
}

async function search(query: string, maxResults?: number): Promise<MemoryHit[]> {
  const result = await memory.tools[0].execute({ query, ...(maxResults ? { maxResults } : {}) }, context());
  const [content] = result.content;
  const value: { results: MemoryHit[] } = JSON.parse(content?.type === "text" ? content.text : "");
  return value.results;
}

async function get(path: string, from?: number, lines?: number): Promise<string> {
  const result = await memory.tools[1].execute({ path, from, lines }, context());
  const [content] = result.content;
  return content?.type === "text" ? content.text : "";
}

describe("memory_search", () => {
  it("quotes the note with its file, lines and date", async () => {
    note("memory/2026-11-03.md", "# Tuesday\n\n- Bought bread\n- Hotel in Lisbon: Rua Augusta 12\n- Called Paul\n");
    note("MEMORY.md", "The cat is called Ada.\n");
    const [hit, ...others] = await search("hotels in Lisbon");
    expect(hit).toMatchObject({ path: "memory/2026-11-03.md", date: "2026-11-03", startLine: 1, endLine: 5 });
    expect(hit?.snippet).toContain("Rua Augusta 12");
    expect(others).toEqual([]);
  });

  it("puts a note with all the words before one with some", async () => {
    note("memory/a.md", "The dentist is in Main Street.");
    note("memory/b.md", "The dentist of Paul, Dr Okafor, is in Hill Road. Paul likes her.");
    const hits = await search("dentist Paul");
    expect(hits.map((hit) => hit.path)).toEqual(["memory/b.md", "memory/a.md"]);
    expect(hits[0]?.score).toBeGreaterThan(hits[1]?.score ?? 1);
  });

  it("ignores accents and endings, and takes the user's punctuation as text", async () => {
    note("memory/fr.md", "La clé du portail est chez Hélène.");
    note("memory/en.md", "Meetings happen on Mondays.");
    expect((await search("cle de helene"))[0]?.path).toBe("memory/fr.md");
    expect((await search("meeting on monday"))[0]?.path).toBe("memory/en.md");
    expect(await search('"unbalanced OR ( NEAR* -x:')).toEqual([]);
    expect(await search("???")).toEqual([]);
  });

  it("sees what was added, changed and deleted since the last search, in this process or another", async () => {
    note("memory/plan.md", "Train to Porto.");
    expect(await search("Porto")).toHaveLength(1);
    note("memory/plan.md", "Train to Lagos.");
    utimesSync(join(workspace, "memory/plan.md"), 2_000_000_000, 2_000_000_000);
    note("memory/deep/er/new.md", "Ferry to Lagos.");
    expect(await search("Porto")).toEqual([]);
    expect(await search("Lagos")).toHaveLength(2);
    memory.close();
    rmSync(join(workspace, "memory/deep"), { recursive: true });
    memory = open();
    expect(await search("Lagos")).toHaveLength(1);
  });

  it("lists the newest notes for *", async () => {
    note("memory/2026-11-01.md", "- first");
    note("memory/2026-11-19.md", "- second");
    note("memory/2026-10-30.md", "- zeroth");
    expect((await search("*", 2)).map((hit) => hit.snippet)).toEqual(["- second", "- first"]);
  });

  it("does not follow symbolic links", async () => {
    writeFileSync(join(root, "secret.md"), "treasure");
    mkdirSync(join(root, "elsewhere"));
    writeFileSync(join(root, "elsewhere", "more.md"), "treasure");
    mkdirSync(join(workspace, "memory"));
    symlinkSync(join(root, "secret.md"), join(workspace, "memory", "link.md"));
    symlinkSync(join(root, "elsewhere"), join(workspace, "memory", "dir"));
    symlinkSync(join(root, "secret.md"), join(workspace, "MEMORY.md"));
    expect(await search("treasure")).toEqual([]);
  });

  it("keeps snippets short and points at the lines they come from", async () => {
    const lines = Array.from({ length: 400 }, (_, index) => `line ${index + 1} speaks of nothing much at all`);
    lines[249] = "line 250 speaks of the zeppelin";
    note("memory/long.md", lines.join("\n"));
    const [hit] = await search("zeppelin");
    expect(hit?.snippet.length).toBeLessThanOrEqual(700);
    expect(hit?.snippet.split("\n")).toEqual(lines.slice((hit?.startLine ?? 0) - 1, hit?.endLine));
  });

  it("keeps its index private and in the known tables", async () => {
    note("MEMORY.md", "x");
    await search("x");
    const file = join(stateDir, "memory", "main.sqlite");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    const database = new DatabaseSync(file, { readOnly: true });
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE name IN ('meta','files','chunks','chunks_fts','embedding_cache')")
      .all();
    database.close();
    expect(tables).toHaveLength(5);
  });

  it("builds a damaged index again", async () => {
    note("MEMORY.md", "The cat is called Ada.");
    mkdirSync(join(stateDir, "memory"), { recursive: true });
    writeFileSync(
      join(stateDir, "memory", "main.sqlite"),
      "this is no database, though it is long enough to look like one ".repeat(50),
    );
    expect(await search("cat")).toHaveLength(1);
  });

  it("searches 5,000 chunks within 30 ms", async () => {
    for (let file = 0; file < 250; file++) {
      const lines = Array.from(
        { length: 460 },
        (_, line) => `Entry ${file}-${line} about topic${(file * 7 + line) % 900} and the usual words of a day`,
      );
      note(`memory/2026-${file}.md`, lines.join("\n"));
    }
    await search("warm");
    const database = new DatabaseSync(join(stateDir, "memory", "main.sqlite"), { readOnly: true });
    expect(database.prepare("SELECT count(*) AS count FROM chunks").get()?.["count"]).toBeGreaterThan(5_000);
    database.close();
    const times: number[] = [];
    for (let round = 0; round < 9; round++) {
      const start = performance.now();
      expect(await search(`topic${round * 31} usual day`)).toHaveLength(6);
      times.push(performance.now() - start);
    }
    // The third best of nine: another process on the machine may take the processor for a while.
    expect(times.toSorted((a, b) => a - b)[2]).toBeLessThan(30);
  });
});

describe("memory_get", () => {
  it("reads a file or some of its lines", async () => {
    note("memory/2026-11-20.md", "one\ntwo\nthree\n");
    expect(JSON.parse(await get("memory/2026-11-20.md"))).toEqual({
      path: "memory/2026-11-20.md",
      from: 1,
      lines: 4,
      total: 4,
      text: "one\ntwo\nthree\n",
    });
    expect(JSON.parse(await get("./memory/2026-11-20.md", 2, 1))).toMatchObject({ text: "two", from: 2, lines: 1 });
  });

  it.each([
    "../secret.md",
    "memory/../../secret.md",
    "/etc/passwd",
    "notes.md",
    "memory",
    "memory/",
    "memory//a.md",
    "memory/x.txt",
    "memory\\..\\..\\secret.md",
    "",
  ])("refuses %s", async (path) => {
    writeFileSync(join(root, "secret.md"), "treasure");
    await expect(get(path)).rejects.toMatchObject({ code: "MEMORY_PATH" });
  });

  it("refuses links and says when a file is missing", async () => {
    writeFileSync(join(root, "secret.md"), "treasure");
    mkdirSync(join(workspace, "memory"));
    symlinkSync(join(root, "secret.md"), join(workspace, "memory", "link.md"));
    symlinkSync(root, join(workspace, "memory", "up"));
    await expect(get("memory/link.md")).rejects.toMatchObject({ code: "MEMORY_PATH" });
    await expect(get("memory/up/secret.md")).rejects.toMatchObject({ code: "MEMORY_PATH" });
    await expect(get("memory/none.md")).rejects.toMatchObject({
      code: "MEMORY_MISSING",
      message: "memory/none.md does not exist.",
    });
  });
});

describe("chunks", () => {
  it("end at lines, overlap, and together hold every line", () => {
    const lines = Array.from({ length: 200 }, (_, index) => `${index} ${"x".repeat(40)}`);
    const chunks = chunkText(lines.join("\n"), { tokens: 400, overlap: 80 });
    expect(Math.max(...chunks.map((chunk) => chunk.text.length))).toBeLessThanOrEqual(1600);
    for (const chunk of chunks) expect(chunk.text).toBe(lines.slice(chunk.startLine - 1, chunk.endLine).join("\n"));
    for (const [index, chunk] of chunks.slice(1).entries())
      expect(chunk.startLine).toBeLessThanOrEqual(chunks[index]?.endLine ?? 0);
    expect([chunks[0]?.startLine, chunks.at(-1)?.endLine]).toEqual([1, 200]);
  });

  it("cut a line that is too long", () => {
    expect(
      chunkText("y".repeat(5_000), { tokens: 400, overlap: 80 }).map((chunk) => [chunk.startLine, chunk.endLine]),
    ).toEqual(Array.from({ length: 4 }, () => [1, 1]));
  });
});
