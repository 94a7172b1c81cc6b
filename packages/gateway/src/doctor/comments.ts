/** A comment of a JSON5 text, with the line it begins on, one-based. */
export interface Comment {
  text: string;
  line: number;
  /** UTF-16 units from the start of the line. */
  column: number;
  /** Nothing but blanks stands before it on its line. */
  alone: boolean;
}

/** Every comment of a text that is known to be JSON5, in order. */
export function commentsOf(text: string): Comment[] {
  const comments: Comment[] = [];
  // A string, so that what looks like a comment inside is none; or a comment.
  const token = /"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\//g;
  for (const { 0: found, index } of text.matchAll(token)) {
    if (!found.startsWith("/")) continue;
    const before = text.slice(0, index).split(/\r\n|\n|\r/);
    const lead = before.at(-1) ?? "";
    comments.push({ text: found.trimEnd(), line: before.length, column: lead.length, alone: lead.trim() === "" });
  }
  return comments;
}

/** Comments of `before` that `after` no longer has. */
export function lostComments(before: string, after: string): Comment[] {
  const left = commentsOf(after).map(({ text }) => text);
  return commentsOf(before).filter(({ text }) => {
    const index = left.indexOf(text);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}
