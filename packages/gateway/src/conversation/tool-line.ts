const ARGUMENT_CHARS = 120;
const OUTPUT_CHARS = 800;
/** The argument that says most about a call. */
const telling = ["command", "path", "file", "url", "query", "pattern", "text", "message", "task", "action"];

/** A tool call in a chat: `🛠️ exec: ls -la`. */
export function toolLine(name: string, args: unknown): string {
  const known = typeof args === "object" && args !== null ? (args as Record<string, unknown>) : {};
  const key = telling.find((field) => typeof known[field] === "string" && known[field] !== "");
  const value =
    key === undefined ? (Object.keys(known).length > 0 ? JSON.stringify(known) : "") : (known[key] as string);
  const line = cut(value.replaceAll(/\s+/g, " ").trim(), ARGUMENT_CHARS).replaceAll("`", "'");
  return line === "" ? `🛠️ ${name}` : `🛠️ ${name}: \`${line}\``;
}

/** What it printed, as a code block that nothing in it can close. */
export function toolOutput(result: unknown, isError: boolean): string {
  const text = cut(textOf(result).trim(), OUTPUT_CHARS);
  if (text === "") return isError ? "⚠️ failed" : "(no output)";
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${isError ? "⚠️ failed\n" : ""}${fence}\n${text}\n${fence}`;
}

/** Tool results are content blocks; anything else is shown as data. */
function textOf(result: unknown): string {
  if (typeof result === "string") return result;
  const content = typeof result === "object" && result !== null ? (result as { content?: unknown }).content : undefined;
  if (!Array.isArray(content)) return result === undefined || result === null ? "" : JSON.stringify(result);
  return (content as { type?: string; text?: string }[])
    .map(({ type, text }) => (type === "text" ? (text ?? "") : `[${type ?? "data"}]`))
    .join("\n");
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, "")}…` : text;
}
