import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { OpenClawError, type Clock, type Log } from "@openclaw/core";
import type { Tool, ToolContext } from "@openclaw/plugin-sdk/tool";
import { createMemoryIndex, type MemoryIndex } from "./memory-index.ts";
import { resolveMemoryFile } from "./memory-files.ts";

export interface MemoryToolsOptions {
  /** Absolute; the index of an agent is `memory/<agentId>.sqlite` in it. */
  stateDir: string;
  clock: Clock;
  log: Log;
}

export interface MemoryTools {
  /** `memory_search` and `memory_get`, for whichever agent calls them. */
  tools: readonly [
    Tool<{ query: string; maxResults?: number; minScore?: number }>,
    Tool<{ path: string; from?: number; lines?: number }>,
  ];
  close(): void;
}

/** Tools over MEMORY.md, memory.md and memory/ of the workspace. An index is opened at its first search. */
export function createMemoryTools({ stateDir, clock, log }: MemoryToolsOptions): MemoryTools {
  const open = new Map<string, { workspace: string; index: MemoryIndex }>();

  function indexFor({ agentId, workspace }: ToolContext): MemoryIndex {
    if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(agentId))
      throw new OpenClawError({
        code: "MEMORY_AGENT",
        message: `"${agentId}" is not an agent id.`,
        hint: "Use lower-case letters, digits, - and _.",
      });
    const known = open.get(agentId);
    if (known?.workspace === workspace) return known.index;
    known?.index.close();
    const index = createMemoryIndex({ file: join(stateDir, "memory", `${agentId}.sqlite`), workspace, clock, log });
    open.set(agentId, { workspace, index });
    return index;
  }

  return {
    tools: [
      {
        name: "memory_search",
        label: "Search memory",
        description:
          "Search the user's notes (MEMORY.md and memory/*.md) before answering about earlier facts, people, dates or decisions. Returns JSON: path, lines, date, snippet. Query * lists the newest notes.",
        parameters: {
          type: "object",
          properties: {
            query: { type: "string", minLength: 1 },
            maxResults: { type: "integer", minimum: 1, maximum: 50, description: "Default 6" },
            minScore: { type: "number", minimum: 0, maximum: 1 },
          },
          required: ["query"],
          additionalProperties: false,
        },
        replay: "safe",
        async execute({ query, maxResults, minScore }, context) {
          const results = await indexFor(context).search(query, { maxResults, minScore });
          context.signal.throwIfAborted();
          return json({ results });
        },
      },
      {
        name: "memory_get",
        label: "Read memory",
        description:
          "Read a memory file, or some lines of it, found with memory_search. Returns JSON: path, from, lines, total, text.",
        parameters: {
          type: "object",
          properties: {
            path: { type: "string", description: "MEMORY.md or memory/....md" },
            from: { type: "integer", minimum: 1, description: "First line" },
            lines: { type: "integer", minimum: 1, description: "Number of lines; default all" },
          },
          required: ["path"],
          additionalProperties: false,
        },
        replay: "safe",
        async execute({ path, from = 1, lines }, { workspace, signal }) {
          const absolute = await resolveMemoryFile(workspace, path);
          const all = (await readFile(absolute, { encoding: "utf8", signal })).split("\n");
          const part = all.slice(from - 1, lines === undefined ? undefined : from - 1 + lines);
          return json({ path, from, lines: part.length, total: all.length, text: part.join("\n") });
        },
      },
    ],
    close() {
      for (const { index } of open.values()) index.close();
      open.clear();
    },
  };
}

function json(value: Record<string, unknown>) {
  return { content: [{ type: "text" as const, text: JSON.stringify(value) }], details: value };
}
