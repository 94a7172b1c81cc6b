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
  /^\[media attached[^\]\n]*\]\s*/,
  /^\[Forwarded from [^\]\n]*\]\s*/,
];
const trailing: readonly RegExp[] = [
  /\s*\[message_id: [^\]\n]*\]$/,
  /\s*\[(?:Replying to|Quoting) [\s\S]*\[\/(?:Replying|Quoting)\]$/,
  /\s*\[media attached[^\]\n]*\]$/,
];
/** `[Fri 2026-11-20 13:27 UTC]` or `[Telegram Alice id:42 +5m 2026-11-20 13:27 UTC]`: something that ends in a date. */
const envelope = /^\[([^\]\n]*?)\s*\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}[^\]\n]*\]\s*/;
/** The same with timestamps switched off. */
const bareEnvelope = /^\[[A-Z][A-Za-z ]+ [^\]\n]* id:[^\]\n]*\]\s*/;
const sender = /\s*\[from: ([^\]\n]*)\]$/;

function strip(text: string): string {
  let body = text;
  for (let before = ""; before !== body;) {
    before = body;
    for (const pattern of [...leading, ...trailing]) body = body.replace(pattern, "").trim();
  }
  const from = sender.exec(body)?.[1];
  body = body.replace(sender, "").trim();
  const head = envelope.exec(body) ?? bareEnvelope.exec(body);
  if (head) {
    body = body.slice(head[0].length);
    // In a group the body starts with the sender's name, which is also what stands in [from: ...].
    const name = /^([^:\n]{1,64}): /.exec(body);
    const group = /\bid:-/.test(head[0]) || (from !== undefined && name?.[1] !== undefined && from.startsWith(name[1]));
    if (name && group) body = body.slice(name[0].length);
  }
  return body.replace(/^@[\w.]+[,:]?\s+/, "").trim();
}

const politeStart =
  /^(?:(?:please|pls|hey|ok|okay|so|well|now|and|also|then|et|s'il te pla[iî]t|stp|svp)[,!]?\s+|(?:hey |hi |ok )?(?:openclaw|claw|assistant|bot)[,:!]\s*|(?:can|could|would|will) you (?:please |kindly |just )?|(?:i (?:want|need|would like|'d like) you to|i'd like you to)\s+|(?:peux|pourrais)[- ]tu\s+|(?:tu peux|tu pourrais)\s+|est-ce que tu peux\s+)/i;
const politeEnd = /[,\s]+(?:please|pls|thanks|thank you|for me|s'il te pla[iî]t|stp|svp|merci)[.!?]*$/i;

/** The request itself: without courtesies, trailing punctuation and typographic quotes. */
export function requestText(text: string): string {
  let request = text.replaceAll("’", "'").trim();
  for (let before = ""; before !== request;) {
    before = request;
    request = request.replace(politeStart, "").replace(politeEnd, "").trim();
  }
  // "5!" is a factorial, and "..." belongs to the text.
  return request.replace(/(?:\s*\?[?!\s]*|(?<=[^\s\d!])!+|(?<=[^\s.])\.)$/, "").trim();
}
