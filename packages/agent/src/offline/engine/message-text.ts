/**
 * Takes what the gateway puts around a person's words off again: envelope, system events, group history, quotes, media
 * notes, message ids. Queued messages come back as several texts.
 */
export function messageTexts(raw: string): string[] {
  let text = raw.replaceAll("\r\n", "\n");
  const current = text.lastIndexOf("[Current message - respond to this]");
  if (current >= 0) text = text.slice(text.indexOf("]", current) + 1);
  text = text.trim();
  if (text.startsWith("[Queued messages while agent was busy]")) {
    const parts = text.split(/^(?:---\s*\n)?Queued #\d+[^\n]*\n/m).slice(1);
    if (parts.length > 0) return parts.flatMap((part) => messageTexts(part.replace(/\n---\s*$/, "")));
  }
  const body = strip(text);
  return body ? [body] : [];
}

const leading: readonly RegExp[] = [
  /^System: \[[^\]\n]*\][^\n]*\n+/,
  /^\[(?:Thread starter|Chat messages since)[^\]\n]*\][\s\S]*?\n\n/,
  /^\[media attached[^\]\n]*\]/,
  /^\[Forwarded from [^\]\n]*\]/,
];
/** What stands in one pair of brackets at the end. */
const trailing = /^\[(?:message_id: |media attached|from: )/;
/** `[Fri 2026-11-20 13:27 UTC]` or `[Telegram Alice id:42 +5m 2026-11-20 13:27 UTC]`: something that ends in a date. */
const envelope = /(?:^| )\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}[^\]]*$/;
/** The same with timestamps switched off. */
const bareEnvelope = /^[A-Z][A-Za-z ]* [^\]]* ?id:\S+/;
const maxEnvelope = 300;

function strip(text: string): string {
  let body = text;
  let from: string | undefined;
  for (let before = ""; before !== body;) {
    before = body;
    for (const pattern of leading) body = body.replace(pattern, "").trim();
    const tail = lastBracket(body);
    if (tail?.startsWith("[from: ")) from ??= tail.slice("[from: ".length, -1);
    if (tail) body = body.slice(0, -tail.length).trim();
  }
  const end = body.startsWith("[") ? body.indexOf("]") : -1;
  const head = end > 0 && end < maxEnvelope ? body.slice(1, end) : undefined;
  if (head !== undefined && !head.includes("\n") && (envelope.test(head) || bareEnvelope.test(head))) {
    body = body.slice(end + 1).trimStart();
    // In a group the body starts with the sender's name, which is also what stands in [from: ...].
    const name = /^([^:\n]{1,64}): /.exec(body);
    const group = /\bid:-/.test(head) || (from !== undefined && name?.[1] !== undefined && from.startsWith(name[1]));
    if (name && group) body = body.slice(name[0].length);
  }
  return body.replace(/^@[\w.]+[,:]?\s+/, "").trim();
}

/** A note of the gateway at the end: in brackets, or a quotation between two of them. */
function lastBracket(body: string): string | undefined {
  if (!body.endsWith("]")) return undefined;
  const quotation = body.endsWith("[/Replying]")
    ? "[Replying to "
    : body.endsWith("[/Quoting]")
      ? "[Quoting "
      : undefined;
  const tail = body.slice(body.lastIndexOf(quotation ?? "["));
  return quotation
    ? tail.startsWith(quotation)
      ? tail
      : undefined
    : trailing.test(tail) && !tail.includes("\n")
      ? tail
      : undefined;
}

const politeStart =
  /^(?:(?:please|pls|hey|ok|okay|so|well|now|and|also|then|et|s'il te pla[iî]t|stp|svp)[,!]?\s+|(?:hey |hi |ok )?(?:openclaw|claw|assistant|bot)[,:!]\s*|(?:can|could|would|will) you (?:please |kindly |just )?|(?:i (?:want|need|would like|'d like) you to|i'd like you to)\s+|(?:peux|pourrais)[- ]tu\s+|(?:tu peux|tu pourrais)\s+|est-ce que tu peux\s+)/i;
const politeEnd = /[,\s]+(?:please|pls|thanks|thank you|for me|s'il te pla[iî]t|stp|svp|merci)[.!?]*$/i;

/** The request itself: without courtesies, trailing punctuation and typographic quotes. */
export function requestText(text: string): string {
  // Long runs of blanks mean nothing here, and would be the slowest thing to match.
  let request = text
    .replaceAll("’", "'")
    .replace(/\s{20,}/g, " ")
    .trim();
  for (let before = ""; before !== request;) {
    before = request;
    request = atEnd(request.replace(politeStart, ""), politeEnd);
  }
  // "5!" is a factorial, and "..." belongs to the text.
  return atEnd(request, /(?:\s*\?[?!\s]*|(?<=[^\s\d!])!+|(?<=[^\s.])\.)$/);
}

/** Patterns that end in `$` are tried at every position, so they are shown the last words only. */
function atEnd(text: string, pattern: RegExp): string {
  const from = Math.max(0, text.length - 80);
  return (text.slice(0, from) + text.slice(from).replace(pattern, "")).trim();
}
