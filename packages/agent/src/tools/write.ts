import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { FilesOf } from "./file-access.ts";
import { fileError } from "./file-error.ts";

/** Creates or replaces a text file, parent directories included. */
export function createWriteTool(filesOf: FilesOf): Tool<{ path: string; content: string }> {
  return {
    name: "write",
    label: "Write file",
    description: "Create or replace a whole text file. Parent directories are made. To change a part, use edit.",
    parameters: {
      type: "object",
      properties: { path: { type: "string" }, content: { type: "string" } },
      required: ["path", "content"],
    },
    async execute({ path, content }, { sessionKey }) {
      const files = filesOf(sessionKey);
      const file = files.resolve(path);
      await files.write(file, content).catch((error: NodeJS.ErrnoException) => {
        throw fileError(error, path, "write");
      });
      const bytes = Buffer.byteLength(content);
      return { content: [{ type: "text", text: `Wrote ${bytes} bytes to ${path}.` }], details: { path: file, bytes } };
    },
  };
}
