import { OpenClawError } from "@openclaw/core";
import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { FileAccess, FilesOf } from "../file-access.ts";
import { fileError } from "../file-error.ts";
import { applyChunks } from "./apply-chunks.ts";
import { parsePatch, type FileChange } from "./parse-patch.ts";

/** What a patch comes down to, once everything in it has been found. */
interface Step {
  mark: "A" | "M" | "D";
  shown: string;
  path: string;
  /** Undefined: remove it. */
  content?: string;
  /** Removed after `path` was written: the old place of a moved file. */
  from?: string;
}

/** Changes several files at once, in the form that OpenAI's models write. Nothing is changed unless all of it fits. */
export function createApplyPatchTool(filesOf: FilesOf): Tool<{ input: string }> {
  return {
    name: "apply_patch",
    label: "Apply patch",
    description: "Change files by a patch: *** Begin Patch … *** End Patch with Add, Delete and Update File parts.",
    parameters: { type: "object", properties: { input: { type: "string" } }, required: ["input"] },
    async execute({ input }, { sessionKey }) {
      const files = filesOf(sessionKey);
      const steps: Step[] = [];
      for (const change of parsePatch(input)) steps.push(await plan(change, files, steps));
      for (const { path, content, from, shown } of steps) {
        const fail = (error: NodeJS.ErrnoException) => {
          throw fileError(error, shown, "change");
        };
        await (content === undefined ? files.remove(path) : files.write(path, content)).catch(fail);
        if (from) await files.remove(from).catch(fail);
      }
      const list = steps.map(({ mark, shown }) => `${mark} ${shown}`);
      return { content: [{ type: "text", text: `Done:\n${list.join("\n")}` }], details: { changes: list } };
    },
  };
}

async function plan(change: FileChange, files: FileAccess, before: readonly Step[]): Promise<Step> {
  const path = files.resolve(change.path);
  const shown = change.path;
  if (change.kind === "add")
    return { mark: "A", shown, path, content: change.lines.map((line) => `${line}\n`).join("") };
  // An earlier part of the same patch may have touched it.
  const earlier = before.findLast((step) => step.path === path);
  if (earlier && earlier.content === undefined) throw missing(shown);
  const content = earlier?.content ?? (await existing(files, path, shown));
  if (change.kind === "delete") return { mark: "D", shown, path };
  const updated = applyChunks(content, change.chunks, shown);
  if (change.moveTo === undefined) return { mark: "M", shown, path, content: updated };
  const target = files.resolve(change.moveTo);
  return {
    mark: "M",
    shown: change.moveTo,
    path: target,
    content: updated,
    ...(target === path ? {} : { from: path }),
  };
}

async function existing(files: FileAccess, path: string, shown: string): Promise<string> {
  const fail = (error: NodeJS.ErrnoException) => {
    throw fileError(error, shown, "change");
  };
  const info = await files.stat(path).catch(fail);
  if (!info) throw missing(shown);
  return (await files.read(path).catch(fail)).toString("utf8");
}

function missing(path: string): OpenClawError {
  return new OpenClawError({
    code: "FILE_ENOENT",
    message: `Cannot change ${path}: it does not exist.`,
    hint: "Use *** Add File: for a new one.",
  });
}
