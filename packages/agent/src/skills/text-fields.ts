const platforms: Readonly<Record<string, string>> = { macos: "darwin", mac: "darwin", windows: "win32", win: "win32" };

/** Text without line breaks, control characters and angle brackets, which could pass for parts of a prompt. */
export function oneLine(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .replace(/[<>]/g, "")
    .trim();
  return text || undefined;
}

/** One text, or a list of them; anything else is left out. */
export function strings(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return [...new Set(list.flatMap((entry) => oneLine(entry) ?? []))];
}

/** Names of `process.platform`. */
export function osNames(value: unknown): string[] {
  return strings(value).map((name) => platforms[name.toLowerCase()] ?? name.toLowerCase());
}

export function webAddress(value: unknown): string | undefined {
  const text = oneLine(value);
  return text && /^https?:\/\/\S+$/.test(text) ? text : undefined;
}
