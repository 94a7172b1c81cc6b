/** Takes every bot token out of a text, ours and any other. */
export function scrub(text: string, token: string): string {
  return text.replaceAll(token, "<token>").replaceAll(/\b\d{3,}:[A-Za-z0-9_-]{20,}/g, "<token>");
}
