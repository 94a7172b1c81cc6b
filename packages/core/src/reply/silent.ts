/** A reply that starts or ends with this is not sent. */
export const SILENT_TOKEN = "NO_REPLY";
/** What a heartbeat answers when nothing needs attention. */
export const HEARTBEAT_TOKEN = "HEARTBEAT_OK";

const silentEdge = new RegExp(`^\\W*${SILENT_TOKEN}(?![\\w])|(?<![\\w])${SILENT_TOKEN}\\W*$`);

/** Whether the text says that nothing shall be said. Media of such a reply is still sent. */
export function isSilentReply(text: string): boolean {
  return silentEdge.test(text.trim());
}

/**
 * Whether text that is still being written may turn out silent: an empty text, or the beginning of a token. Nothing of
 * it is shown until it is clear.
 */
export function maybeSilent(partial: string): boolean {
  const text = partial.trimStart();
  return (
    [SILENT_TOKEN, HEARTBEAT_TOKEN].some((token) => token.startsWith(text) || text === token) || isSilentReply(text)
  );
}

const markup = String.raw`(?:[*_~${"`"}"']|<\/?[a-z]+>)*`;
const heartbeatStart = new RegExp(`^${markup}${HEARTBEAT_TOKEN}(?!\\w)${markup}[.!]*\\s*`, "i");
const heartbeatEnd = new RegExp(`(?:^|\\s+)${markup}${HEARTBEAT_TOKEN}${markup}[.!]*$`, "i");

/** Takes the heartbeat token off both ends, with the markup around it. `found`: it was there. */
export function stripHeartbeatToken(text: string): { text: string; found: boolean } {
  let rest = text.trim();
  let found = false;
  for (;;) {
    const shorter = rest.replace(heartbeatStart, "").replace(heartbeatEnd, "").trim();
    if (shorter === rest) return { text: rest, found };
    rest = shorter;
    found = true;
  }
}

/**
 * What a heartbeat's answer gives to deliver. With the token and at most `ackMaxChars` (300) of other text: nothing.
 * Otherwise the text without the token.
 */
export function heartbeatReply(text: string, ackMaxChars = 300): string | undefined {
  const { text: rest, found } = stripHeartbeatToken(text);
  if (rest === "" || isSilentReply(rest)) return undefined;
  return found && rest.length <= ackMaxChars ? undefined : rest;
}
