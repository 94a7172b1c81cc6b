import { callTool, type ToolOutcome } from "../engine/rule.ts";
import type { ToolRequest } from "../engine/live-tools.ts";
import type { LiveTools } from "../engine/live-tools.ts";

type Steps<T> = Generator<ToolRequest[], T, ToolOutcome[]>;

export type FileText =
  | {
      kind: "text";
      text: string;
      /** More lines follow; `lines` is how many the file has. */ partial: boolean;
      lines: number;
    }
  | { kind: "missing" }
  | { kind: "failed"; outcome: ToolOutcome };

/** The read tool's remark that the file goes on. */
const partialNote = /\n*\[Lines \d+-\d+ of (\d+)\.[^\]\n]*\]\s*$/;

/** Reads a file; that it does not exist is not a failure. */
export function* readFile(tools: LiveTools, path: string): Steps<FileText> {
  const outcome = yield* callTool(tools.read(path));
  if (outcome.isError)
    return /does not exist|not found|no such file|ENOENT/i.test(outcome.text)
      ? { kind: "missing" }
      : { kind: "failed", outcome };
  const note = partialNote.exec(outcome.text);
  const text = outcome.text === "(empty file)" ? "" : outcome.text.replace(partialNote, "");
  return { kind: "text", text, partial: note !== null, lines: note ? Number(note[1]) : text.split("\n").length };
}

/** Adds text at the end of a file, which is created with `heading` when missing. The failed outcome, or undefined. */
export function* appendToFile(
  tools: LiveTools,
  path: string,
  addition: string,
  heading = "",
): Steps<ToolOutcome | undefined> {
  const file = yield* readFile(tools, path);
  if (file.kind === "failed") return file.outcome;
  const created = file.kind === "missing" || file.text.trim() === "";
  if (created) return failure(yield* callTool(tools.write(path, `${heading}${addition}\n`)));
  let seen = file.text;
  if (file.partial) {
    const from = Math.max(1, file.lines - 19);
    const tail = yield* callTool(tools.call("read", { ...tools.read(path).arguments, offset: from }));
    if (tail.isError) return tail;
    seen = tail.text.replace(partialNote, "");
  } else if (!tools.has("edit")) return failure(yield* callTool(tools.write(path, `${seen}\n${addition}\n`)));
  const end = uniqueEnd(seen, file.partial);
  return failure(yield* callTool(tools.edit(path, end, `${end}\n${addition}`)));
}

function failure(outcome: ToolOutcome): ToolOutcome | undefined {
  return outcome.isError ? outcome : undefined;
}

/** The shortest run of last lines that occurs once; of a part of a file all of it, because the rest is unseen. */
function uniqueEnd(text: string, partial: boolean): string {
  const lines = text.split("\n");
  for (let count = partial ? lines.length : 1; count < lines.length; count++) {
    const end = lines.slice(-count).join("\n");
    if (end.trim() && text.indexOf(end) === text.length - end.length) return end;
  }
  return text;
}

/** Markdown quotation. */
export function quote(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
}

/** Fenced, with a fence that the text cannot close. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text.replace(/\s+$/, "")}\n${fence}`;
}
