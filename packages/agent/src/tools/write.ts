import { mkdir, realpath, rename, stat, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import { fileError } from "./read.ts";
import { resolveToolPath, type ToolPathPolicy } from "./tool-path.ts";

/** Creates or replaces a text file, parent directories included. */
export function createWriteTool(paths: ToolPathPolicy): Tool<{ path: string; content: string }> {
  return {
    name: "write",
    label: "Write file",
    description: "Create or replace a whole text file. Parent directories are made. To change a part, use edit.",
    parameters: {
      type: "object",
      properties: { path: { type: "string" }, content: { type: "string" } },
      required: ["path", "content"],
    },
    async execute({ path, content }) {
      const file = resolveToolPath(path, paths);
      await replaceFile(file, content).catch((error: NodeJS.ErrnoException) => {
        throw fileError(error, path, "write");
      });
      const bytes = Buffer.byteLength(content);
      return { content: [{ type: "text", text: `Wrote ${bytes} bytes to ${path}.` }], details: { path: file, bytes } };
    },
  };
}

/** The old content stays until the new one is complete; the file keeps its mode. */
export async function replaceFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // A link stays a link: its target is what gets replaced.
  const file = await realpath(path).catch(() => path);
  const old = await stat(file).catch(() => undefined);
  if (old && !old.isFile()) return writeFile(file, content);
  const temporary = `${file}.${process.pid}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    await writeFile(temporary, content, old ? { mode: old.mode } : {});
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}
