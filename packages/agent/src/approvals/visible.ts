/**
 * A command as it is shown to whoever approves it: characters that move a cursor, turn the direction of the text or
 * cannot be seen are written out, so that what is read is what runs.
 */
export function visible(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u00a0\u115f\u1160\u2000-\u200a\u202f\u205f\u3000\u3164\uffa0]/gu,
    (char) => {
      if (char === "\n") return "\\n\n";
      if (char === "\t") return "\\t";
      return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
    },
  );
}
