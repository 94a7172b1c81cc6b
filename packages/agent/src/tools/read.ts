import { extname } from "node:path";
import { OpenClawError } from "@openclaw/core";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { FileAccess, FilesOf } from "./file-access.ts";
import { fileError } from "./file-error.ts";
import { keepHead } from "./text-limit.ts";

const MAX_LINES = 2000;
const MAX_CHARS = 50_000;
/** What providers take as one image. */
export const MAX_IMAGE_BYTES = 5 * 1024 * 1024;
/** A larger file is read in parts by the shell, not through the model. */
const MAX_TEXT_BYTES = 20 * 1024 * 1024;
export const IMAGES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
};

/** Reads a text file by lines, or an image. */
export function createReadTool(filesOf: FilesOf): Tool<{ path: string; offset?: number; limit?: number }> {
  return {
    name: "read",
    label: "Read file",
    description: `Read a text file (up to ${MAX_LINES} lines at a time; use offset and limit for more) or an image.`,
    parameters: {
      type: "object",
      properties: {
        path: { type: "string", description: "Relative to the workspace, or absolute" },
        offset: { type: "integer", minimum: 1, description: "First line, from 1" },
        limit: { type: "integer", minimum: 1, description: "Number of lines" },
      },
      required: ["path"],
    },
    replay: "safe",
    async execute({ path, offset = 1, limit = MAX_LINES }, { sessionKey }) {
      const files = filesOf(sessionKey);
      const file = files.resolve(path);
      const bytes = await readBytes(files, file, path);
      const mimeType = IMAGES[extname(file).toLowerCase()];
      if (mimeType) {
        return {
          content: [
            { type: "text", text: `${path} (${mimeType}, ${bytes.length} bytes)` },
            { type: "image", data: bytes.toString("base64"), mimeType },
          ],
          details: { path: file, bytes: bytes.length, mimeType },
        };
      }
      if (bytes.subarray(0, 8000).includes(0)) {
        throw new OpenClawError({
          code: "FILE_BINARY",
          message: `${path} is not a text file (${bytes.length} bytes).`,
          hint: "Use exec with a program that understands it.",
        });
      }
      const lines = bytes.toString("utf8").split("\n");
      if (lines.at(-1) === "") lines.pop();
      if (offset > Math.max(1, lines.length)) {
        throw new OpenClawError({
          code: "FILE_OFFSET",
          message: `${path} has ${lines.length} lines; offset ${offset} is past its end.`,
        });
      }
      const wanted = lines.slice(offset - 1, offset - 1 + Math.min(limit, MAX_LINES)).join("\n");
      const { text } = keepHead(wanted, MAX_CHARS);
      const shown = text === "" ? 0 : text.split("\n").length;
      const next = offset + shown;
      const note =
        next <= lines.length
          ? `\n\n[Lines ${offset}-${next - 1} of ${lines.length}. Read on with offset ${next}.]`
          : "";
      return {
        content: [{ type: "text", text: text === "" && lines.length === 0 ? "(empty file)" : text + note }],
        details: { path: file, lines: lines.length, from: offset, to: next - 1 },
      };
    },
  };
}

export async function readBytes(files: FileAccess, file: string, shown: string): Promise<Buffer> {
  const fail = (error: NodeJS.ErrnoException) => {
    throw fileError(error, shown, "read");
  };
  const info = await files.stat(file).catch(fail);
  if (!info) throw fileError(Object.assign(new Error("missing"), { code: "ENOENT" }), shown, "read");
  if (info.kind === "directory") {
    throw new OpenClawError({
      code: "FILE_IS_DIRECTORY",
      message: `${shown} is a directory.`,
      hint: "List it with exec: ls.",
    });
  }
  const limit = IMAGES[extname(file).toLowerCase()] ? MAX_IMAGE_BYTES : MAX_TEXT_BYTES;
  if (info.kind !== "file" || info.size > limit) {
    throw new OpenClawError({
      code: "FILE_TOO_LARGE",
      message:
        info.kind === "file"
          ? `${shown} has ${info.size} bytes; the limit is ${limit}.`
          : `${shown} is not a regular file.`,
      hint: "Use exec (head, sed -n, grep) to look at a part of it.",
    });
  }
  return files.read(file).catch(fail);
}
