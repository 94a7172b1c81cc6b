import { readFile } from "node:fs/promises";
import { OpenClawError, type Clock, type Log } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import type { Tool, ToolContext } from "@openclaw/plugin-sdk/tool";
import { chooseProviders } from "./embeddings/choose-provider.ts";
import type { EmbeddingProvider } from "./embeddings/provider.ts";
import { createMemoryIndex, type MemoryIndex } from "./memory-index.ts";
import { resolveMemoryFile } from "./memory-files.ts";
import { readMemorySettings, type MemorySettings } from "./memory-settings.ts";
import { watchMemory } from "./memory-watcher.ts";

export interface MemoryToolsOptions {
  /** Absolute; the index of an agent is `memory/<agentId>.sqlite` in it, unless the configuration says otherwise. */
  stateDir: string;
  clock: Clock;
  log: Log;
  /** Default: empty, so only a local model, if there is one, makes search semantic. */
  config?: OpenClawConfig;
  /** Where keys of embedding providers are. Default: empty. */
  env?: Readonly<Record<string, string | undefined>>;
  fetch?: typeof globalThis.fetch;
}

export interface MemoryTools {
  /** `memory_search` and `memory_get`, for whichever agent calls them. */
  tools: readonly [
    Tool<{ query: string; maxResults?: number; minScore?: number }>,
    Tool<{ path: string; from?: number; lines?: number }>,
  ];
  close(): void;
}

interface OpenMemory {
  workspace: string;
  index: MemoryIndex;
  close(): void;
}

/** Tools over MEMORY.md, memory.md and memory/ of the workspace. An index is opened at its first search. */
export function createMemoryTools(options: MemoryToolsOptions): MemoryTools {
  const { stateDir, clock, log, config = {}, env = {}, fetch = globalThis.fetch } = options;
  const open = new Map<string, OpenMemory>();
  const settingsOf = (agentId: string) => readMemorySettings({ agentId, config, stateDir, env });

  function indexFor({ agentId, workspace }: ToolContext): MemoryIndex {
    if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(agentId))
      throw new OpenClawError({
        code: "MEMORY_AGENT",
        message: `"${agentId}" is not an agent id.`,
        hint: "Use lower-case letters, digits, - and _.",
      });
    const known = open.get(agentId);
    if (known?.workspace === workspace) return known.index;
    known?.close();
    const settings = settingsOf(agentId);
    const providers = settings.hybrid.enabled
      ? chooseProviders({ settings: settings.embedding, stateDir, env, clock, fetch })
      : [];
    const memory = openMemory({ workspace, settings, providers, clock, log });
    open.set(agentId, memory);
    return memory.index;
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
          const answer = await indexFor(context).search(query, {
            ...(maxResults === undefined ? {} : { maxResults }),
            ...(minScore === undefined ? {} : { minScore }),
          });
          context.signal.throwIfAborted();
          return json({ ...answer });
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
        async execute({ path, from = 1, lines }, { agentId, workspace, signal }) {
          const absolute = await resolveMemoryFile(workspace, path, settingsOf(agentId).extraPaths);
          const all = (await readFile(absolute, { encoding: "utf8", signal })).split("\n");
          const part = all.slice(from - 1, lines === undefined ? undefined : from - 1 + lines);
          return json({ path, from, lines: part.length, total: all.length, text: part.join("\n") });
        },
      },
    ],
    close() {
      for (const memory of open.values()) memory.close();
      open.clear();
    },
  };
}

interface OpenMemoryOptions {
  workspace: string;
  settings: MemorySettings;
  providers: readonly EmbeddingProvider[];
  clock: Clock;
  log: Log;
}

function openMemory({ workspace, settings, providers, clock, log }: OpenMemoryOptions): OpenMemory {
  const index = createMemoryIndex({ settings, workspace, providers, clock, log });
  const changed = () =>
    index.sync().catch((error: unknown) => log.warn("memory could not be indexed", { error: String(error) }));
  // Without a provider there is nothing to prepare: reading the files at a search takes milliseconds.
  const watching = settings.watch && providers.length > 0;
  const watcher = watching
    ? watchMemory({ workspace, clock, debounceMs: settings.watchDebounceMs, changed: () => void changed() })
    : undefined;
  return {
    workspace,
    index,
    close() {
      watcher?.close();
      index.close();
      for (const provider of providers) provider.close();
    },
  };
}

function json(value: Record<string, unknown>) {
  return { content: [{ type: "text" as const, text: JSON.stringify(value) }], details: value };
}
