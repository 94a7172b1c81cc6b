/** A sentence in which words between backticks are code, for texts of our own. */
export function Prose({ text }: { text: string }) {
  return text.split("`").map((piece, index) => (index % 2 === 1 ? <code key={index}>{piece}</code> : piece));
}
