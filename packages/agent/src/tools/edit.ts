import { OpenClawError } from "@openclaw/core";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { FilesOf } from "./file-access.ts";
import { fileError } from "./file-error.ts";

interface EditParams {
  path: string;
  old_text: string;
  new_text: string;
  replace_all?: boolean;
}

/** Replaces an exact piece of a text file. */
export function createEditTool(filesOf: FilesOf): Tool<EditParams> {
  return {
    name: "edit",
    label: "Edit file",
    description: "Replace old_text in a file by new_text. old_text must match exactly, blanks included, and be unique.",
    parameters: {
      type: "object",
      properties: {
        path: { type: "string" },
        old_text: { type: "string" },
        new_text: { type: "string" },
        replace_all: { type: "boolean", description: "Replace every occurrence" },
      },
      required: ["path", "old_text", "new_text"],
    },
    async execute({ path, old_text, new_text, replace_all = false }, { sessionKey }) {
      const files = filesOf(sessionKey);
      const file = files.resolve(path);
      const bytes = await files.read(file).catch((error: NodeJS.ErrnoException) => {
        throw fileError(error, path, "edit");
      });
      const before = bytes.toString("utf8");
      const { after, count } = replaceExact(before, { old_text, new_text, replace_all, path });
      await files.write(file, after).catch((error: NodeJS.ErrnoException) => {
        throw fileError(error, path, "edit");
      });
      const line = before.slice(0, before.indexOf(old_text)).split("\n").length;
      return {
        content: [{ type: "text", text: `Replaced ${count} occurrence(s) in ${path}, the first in line ${line}.` }],
        details: { path: file, count, line },
      };
    },
  };
}

function replaceExact(before: string, params: Required<EditParams>): { after: string; count: number } {
  const { new_text, replace_all, path } = params;
  // Models write \n; a file from Windows keeps its own line ends.
  const windows = before.includes("\r\n") && !params.old_text.includes("\r\n");
  const old = windows ? params.old_text.replaceAll("\n", "\r\n") : params.old_text;
  const fresh = windows ? new_text.replaceAll("\n", "\r\n") : new_text;
  if (old === "") {
    throw new OpenClawError({ code: "EDIT_EMPTY", message: "old_text is empty.", hint: "Use write to create a file." });
  }
  if (old === fresh) {
    throw new OpenClawError({ code: "EDIT_NO_CHANGE", message: "old_text and new_text are the same." });
  }
  const parts = before.split(old);
  const count = parts.length - 1;
  if (count === 0)
    throw new OpenClawError({
      code: "EDIT_NOT_FOUND",
      message: `old_text does not occur in ${path}.`,
      hint: nearMiss(before, old),
    });
  if (count > 1 && !replace_all) {
    throw new OpenClawError({
      code: "EDIT_NOT_UNIQUE",
      message: `old_text occurs ${count} times in ${path}.`,
      hint: "Add lines around it until it is unique, or set replace_all.",
    });
  }
  return { after: parts.join(fresh), count };
}

const squeeze = (line: string) => line.replaceAll(/\s+/g, " ").trim();

/** Says where the text almost is: blanks are what models get wrong. */
function nearMiss(text: string, wanted: string): string {
  const first = wanted
    .split("\n")
    .map(squeeze)
    .find((line) => line !== "");
  const lines = text.split("\n");
  const found = first === undefined ? -1 : lines.findIndex((line) => squeeze(line).includes(first));
  if (found === -1) return "Read the file first and copy the text from it.";
  return `Line ${found + 1} is close, but blanks differ: ${JSON.stringify(lines[found]?.slice(0, 200))}`;
}
