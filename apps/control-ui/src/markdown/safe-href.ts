const allowed = new Set(["http:", "https:", "mailto:"]);

/** The address when following it can only open a page or a mail; undefined for anything else, relative ones included. */
export function safeHref(address: string): string | undefined {
  try {
    const url = new URL(address);
    return allowed.has(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
