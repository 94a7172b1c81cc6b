import { toolFailed, type Answer, type Plan, type Turn } from "../engine/rule.ts";
import { isoDay, today } from "../exact/calendar.ts";
import { appendToFile, quote } from "./file-steps.ts";

/** As the memory_search tool reports it. */
export interface Note {
  path: string;
  startLine: number;
  endLine: number;
  date: string;
  snippet: string;
}

/** Whether the search went by meaning, so that what it found has to do with the question. */
export function wentByMeaning(text: string): boolean {
  return /"mode":"hybrid"/.test(text);
}

export function parseNotes(text: string): Note[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const results = typeof value === "object" && value !== null && "results" in value ? value.results : [];
  if (!Array.isArray(results)) return [];
  return results.flatMap((entry: unknown) => {
    if (typeof entry !== "object" || entry === null) return [];
    const { path, startLine, endLine, date, snippet } = {
      path: "",
      startLine: 0,
      endLine: 0,
      date: "",
      snippet: "",
      ...entry,
    };
    return typeof snippet === "string" && snippet ? [{ path, startLine, endLine, date, snippet }] : [];
  });
}

/** Writes one line into the note of the day. */
export function* saveNote(note: string, turn: Turn): Plan {
  const day = isoDay(today(turn.now, turn.timeZone));
  const path = `memory/${day}.md`;
  const line = `- ${note.replace(/\s*\n\s*/g, "\n  ")}`;
  const failed = yield* appendToFile(turn.tools, path, line, `# ${day}\n\n`);
  return failed ? toolFailed(failed) : { say: `Saved to ${path}:\n${quote(line)}`, payload: note };
}

export function quoted(opening: string, notes: readonly Note[]): Answer {
  const blocks = notes.map((note) => `${quote(note.snippet)}\n— ${source(note)}`);
  return {
    say: [opening, ...blocks].join("\n\n"),
    payload: notes.map((note) => `${note.snippet.trim()}\n(${source(note)})`).join("\n\n"),
  };
}

function source({ path, startLine, endLine, date }: Note): string {
  return `${path}, line${endLine > startLine ? `s ${startLine}–${endLine}` : ` ${startLine}`} (${date})`;
}
