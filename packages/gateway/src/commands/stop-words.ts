const words = new Set(["stop", "esc", "abort", "wait", "exit", "interrupt"]);

/** `/stop`, its alias `/abort`, and the bare words that stop a running turn. */
export function isStopWord(text: string): boolean {
  const word = text.trim().toLowerCase().replace(/@\S+$/, "").replace(/[.!]+$/, "");
  return word === "/stop" || word === "/abort" || words.has(word);
}
