const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
/** How far back a visible character may begin; longer piles of combining marks are cut. */
const REACH = 64;

/**
 * The last position not after `limit` (and after `start`) at which cutting leaves every visible character whole:
 * surrogate pairs, combining marks, emoji sequences. Always moves on, even where one character is longer than that.
 */
export function graphemeBoundary(text: string, start: number, limit: number): number {
  if (limit >= text.length) return text.length;
  const from = syncPoint(text, Math.max(start, limit - REACH));
  let best = from > start ? from : start;
  for (const { index } of segmenter.segment(text.slice(from, limit + REACH))) {
    if (from + index > limit) break;
    if (from + index > best) best = from + index;
  }
  if (best > start) return best;
  const high = isHighSurrogate(text, limit - 1);
  return Math.max(high ? limit - 1 : limit, start + (isHighSurrogate(text, start) ? 2 : 1));
}

/** A place where segmenting may begin: behind plain ASCII, else not within a pair. */
function syncPoint(text: string, from: number): number {
  for (let at = from; at > Math.max(0, from - REACH); at -= 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x20 && unit < 0x7f && text.charCodeAt(at - 1) < 0x7f) return at;
  }
  return isHighSurrogate(text, from - 1) ? from - 1 : from;
}

function isHighSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff;
}
