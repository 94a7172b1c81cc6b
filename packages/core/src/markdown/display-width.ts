/** Made on first use: it loads tables that plain text never needs. */
let graphemes: Intl.Segmenter | undefined;
/** Characters that take two columns in a fixed-width font: CJK, Hangul, full-width forms, emoji. */
const wide =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|.\ufe0f)/u;

/** Columns that a line of text takes in a fixed-width font. */
export function displayWidth(text: string): number {
  // eslint-disable-next-line no-control-regex -- plain ASCII needs no segmenting
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  let width = 0;
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}
