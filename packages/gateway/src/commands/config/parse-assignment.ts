import { type ConfigPath, parseConfigText, parsePath } from "@openclaw/core/config";

export type Assignment = { path: ConfigPath; value: unknown } | { problem: string };

/** `messages.queue.cap=5` and `messages.queue.cap 5`; the value is JSON5, anything else is text. */
export function parseAssignment(text: string): Assignment {
  const match = /^((?:\[[^\]]*\]|[^\s=[])+)(?:\s*=\s*|\s+)([\s\S]+)$/.exec(text.trim());
  const path = match?.[1] === undefined ? undefined : readPath(match[1]);
  if (!match || !path) return { problem: "Write the key and its value, e.g. messages.queue.cap=5" };
  return { path, value: readValue((match[2] ?? "").trim()) };
}

/** A path that names no prototype. */
export function readPath(text: string): ConfigPath | undefined {
  const path = parsePath(text.trim());
  return path?.some((step) => step === "__proto__" || step === "constructor" || step === "prototype")
    ? undefined
    : path;
}

function readValue(text: string): unknown {
  if (!/^(?:[[{"']|-?[\d.]|(?:true|false|null)$)/.test(text)) return text;
  try {
    return parseConfigText(text);
  } catch {
    return text;
  }
}
