import { OpenClawError } from "@openclaw/core";

export interface PatchChunk {
  /** Line after which it applies (`@@ context`). */
  context?: string;
  old: string[];
  fresh: string[];
  /** Its last line is the last of the file. */
  endOfFile: boolean;
}

export type FileChange =
  | { kind: "add"; path: string; lines: string[] }
  | { kind: "delete"; path: string }
  | { kind: "update"; path: string; moveTo?: string; chunks: PatchChunk[] };

const BEGIN = "*** Begin Patch";
const END = "*** End Patch";

/** Reads `*** Begin Patch` to `*** End Patch`; a shell's heredoc around it is tolerated. Throws `PATCH_SYNTAX` with the line. */
export function parsePatch(text: string): FileChange[] {
  const lines = withoutHeredoc(text.replaceAll("\r\n", "\n").trim().split("\n"));
  if (lines[0]?.trim() !== BEGIN) throw syntax(1, `the first line must be "${BEGIN}"`);
  if (lines.at(-1)?.trim() !== END) throw syntax(lines.length, `the last line must be "${END}"`);
  const end = lines.length - 1;
  const changes: FileChange[] = [];
  let at = 1;

  const header = (name: string) => {
    const line = lines[at]?.trim() ?? "";
    return at < end && line.startsWith(`*** ${name}: `) ? line.slice(name.length + 6).trim() : undefined;
  };
  const atChange = () => at >= end || /^\*\*\* (?:Add|Delete|Update) File: /.test(lines[at]?.trim() ?? "");

  while (at < end) {
    if (lines[at]?.trim() === "") {
      at++;
      continue;
    }
    const added = header("Add File");
    const deleted = header("Delete File");
    const updated = header("Update File");
    const path = added ?? deleted ?? updated;
    if (!path)
      throw syntax(
        at + 1,
        `"${lines[at]}" begins no file; expected *** Add File:, *** Delete File: or *** Update File:`,
      );
    at++;
    if (added) {
      const content: string[] = [];
      for (; !atChange(); at++) {
        const line = lines[at] ?? "";
        if (!line.startsWith("+")) throw syntax(at + 1, "lines of a new file begin with +");
        content.push(line.slice(1));
      }
      changes.push({ kind: "add", path, lines: content });
    } else if (deleted) changes.push({ kind: "delete", path });
    else {
      const moveTo = header("Move to");
      if (moveTo) at++;
      const chunks: PatchChunk[] = [];
      while (!atChange()) chunks.push(readChunk(chunks.length === 0));
      if (chunks.length === 0 && !moveTo) throw syntax(at + 1, `${path} is updated by nothing`);
      changes.push({ kind: "update", path, ...(moveTo ? { moveTo } : {}), chunks });
    }
  }
  if (changes.length === 0) throw syntax(2, "the patch changes no file");
  return changes;

  function readChunk(first: boolean): PatchChunk {
    const chunk: PatchChunk = { old: [], fresh: [], endOfFile: false };
    const start = lines[at] ?? "";
    if (start.startsWith("@@")) {
      const context = start.slice(2).trim();
      if (context) chunk.context = context;
      at++;
    } else if (!first) throw syntax(at + 1, `"${start}" is no line of a change; a new part begins with @@`);
    const from = at;
    for (; !atChange() && !(lines[at] ?? "").startsWith("@@"); at++) {
      const line = lines[at] ?? "";
      if (line.trim() === "*** End of File") {
        chunk.endOfFile = true;
        at++;
        break;
      }
      const rest = line.slice(1);
      // Editors and models lose the blank of an empty context line.
      if (line === "" || line.startsWith(" ")) {
        chunk.old.push(rest);
        chunk.fresh.push(rest);
      } else if (line.startsWith("-")) chunk.old.push(rest);
      else if (line.startsWith("+")) chunk.fresh.push(rest);
      else throw syntax(at + 1, `"${line}" begins with neither blank, + nor -`);
    }
    if (at === from) throw syntax(at + 1, "a part of a change is empty");
    return chunk;
  }
}

function withoutHeredoc(lines: string[]): string[] {
  const mark = /^(?:apply_patch\s*)?<<-?\s*(['"]?)(\w+)\1$/.exec(lines[0]?.trim() ?? "")?.[2];
  return mark && lines.at(-1)?.trim() === mark ? lines.slice(1, -1) : lines;
}

function syntax(line: number, message: string): OpenClawError {
  return new OpenClawError({ code: "PATCH_SYNTAX", message: `The patch cannot be read, line ${line}: ${message}.` });
}
