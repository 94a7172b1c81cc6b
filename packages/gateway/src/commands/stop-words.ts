const words = new Set(["stop", "esc", "abort", "wait", "exit", "interrupt"]);

/** `/stop`, its alias `/abort`, and the bare words that stop a running turn. */
export function isStopWord(text: string): boolean {
  return isBareStopWord(text) || /^\/(?:stop|abort)(?:@\w+)?:?$/i.test(text.trim());
}

/** As `isStopWord`, whatever is written behind the command. */
export function asksToStop(text: string): boolean {
  return isBareStopWord(text) || /^\/(?:stop|abort)\b/i.test(text.trim());
}

/** One of the words that mean `/stop` while something runs, and nothing special otherwise. */
export function isBareStopWord(text: string): boolean {
  if (text.length > 64) return false;
  return words.has(
    text
      .trim()
      .toLowerCase()
      .replace(/@\S+$/, "")
      .replace(/[.!]+$/, ""),
  );
}
