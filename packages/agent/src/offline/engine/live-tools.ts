import type { JsonObject, Tool } from "@earendil-works/pi-ai";

export interface ToolRequest {
  name: string;
  arguments: JsonObject;
}

/** Thrown by `LiveTools` inside a plan; the engine turns it into an honest answer. */
export class ToolMissing extends Error {
  readonly names: readonly string[];
  constructor(names: readonly string[]) {
    super(`None of these tools is available: ${names.join(", ")}`);
    this.names = names;
  }
}

/**
 * The tools of this very request, after policy. Arguments are fitted to each tool's own schema, because the names of
 * parameters differ between tool sets (`path` or `file_path`, one replacement or a list of them).
 */
export interface LiveTools {
  readonly names: readonly string[];
  has(...names: string[]): boolean;
  description(name: string): string;
  /** Any tool by name. */
  call(name: string, args: JsonObject): ToolRequest;
  read(path: string): ToolRequest;
  write(path: string, content: string): ToolRequest;
  edit(path: string, oldText: string, newText: string): ToolRequest;
  exec(command: string): ToolRequest;
  list(path: string): ToolRequest;
  /** Lines of files that contain the text, ignoring case. */
  grep(text: string, path: string): ToolRequest;
  /** Files whose name contains the text. */
  find(text: string): ToolRequest;
}

export function createLiveTools(tools: readonly Tool[]): LiveTools {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const first = (...names: string[]): Tool => {
    for (const name of names) {
      const tool = byName.get(name);
      if (tool) return tool;
    }
    throw new ToolMissing(names);
  };
  const has = (...names: string[]) => names.some((name) => byName.has(name));

  const api: LiveTools = {
    names: tools.map((tool) => tool.name),
    has,
    description: (name) => byName.get(name)?.description ?? "",
    call: (name, args) => ({ name: first(name).name, arguments: args }),
    read: (path) => {
      const tool = first("read");
      return { name: tool.name, arguments: onPath(tool, path) };
    },
    write: (path, content) => {
      const tool = first("write");
      return { name: tool.name, arguments: { ...onPath(tool, path), [parameter(tool, "content", "text")]: content } };
    },
    edit: (path, oldText, newText) => {
      const tool = first("edit");
      const pair = (schema: unknown) => ({
        [parameterOf(schema, "oldText", "old_text", "old_string", "oldString")]: oldText,
        [parameterOf(schema, "newText", "new_text", "new_string", "newString")]: newText,
      });
      const edits = properties(tool.parameters)["edits"];
      const change: JsonObject = edits ? { edits: [pair(record(edits)["items"])] } : pair(tool.parameters);
      return { name: tool.name, arguments: { ...onPath(tool, path), ...change } };
    },
    exec: (command) => {
      const tool = first("exec", "bash");
      return { name: tool.name, arguments: { [parameter(tool, "command", "cmd")]: command } };
    },
    list: (path) => {
      if (!has("ls", "list")) return execOr(["ls", "exec"], `ls -1Ap -- ${shellWord(path)}`);
      const tool = first("ls", "list");
      return { name: tool.name, arguments: onPath(tool, path) };
    },
    grep: (text, path) => {
      if (!has("grep"))
        return execOr(
          ["grep", "exec"],
          `grep -rniIF --exclude-dir=.git -m 20 -e ${shellWord(text)} -- ${shellWord(path)}`,
        );
      const tool = first("grep");
      const optional: JsonObject = {};
      for (const name of ["ignoreCase", "literal"]) if (properties(tool.parameters)[name]) optional[name] = true;
      return {
        name: tool.name,
        arguments: { [parameter(tool, "pattern", "query")]: text, ...onPath(tool, path), ...optional },
      };
    },
    find: (text) => {
      const glob = `*${text.replace(/[*?[\]\\]/g, "?")}*`;
      if (!has("find")) return execOr(["find", "exec"], `find . -not -path '*/.git/*' -iname ${shellWord(glob)}`);
      const tool = first("find");
      return { name: tool.name, arguments: { [parameter(tool, "pattern", "name", "query")]: `**/${glob}` } };
    },
  };

  function execOr(names: string[], command: string): ToolRequest {
    if (!has("exec", "bash")) throw new ToolMissing(names);
    return api.exec(command);
  }
  return api;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function properties(schema: unknown): Record<string, unknown> {
  return record(record(schema)["properties"]);
}

function parameterOf(schema: unknown, usual: string, ...others: string[]): string {
  const known = properties(schema);
  return [usual, ...others].find((name) => name in known) ?? usual;
}

function parameter(tool: Tool, usual: string, ...others: string[]): string {
  return parameterOf(tool.parameters, usual, ...others);
}

function onPath(tool: Tool, path: string): JsonObject {
  return { [parameter(tool, "path", "file_path", "filePath", "file")]: path };
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
