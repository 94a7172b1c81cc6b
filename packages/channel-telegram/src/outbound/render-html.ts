export interface RenderedHtml {
  html: string;
  /** UTF-16 units after the platform has read the entities: what its limits count. */
  length: number;
}

/** Text that means itself in the platform's HTML dialect. */
export const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

export function renderHtml(markdown: string): RenderedHtml {
  return { html: escapeHtml(markdown), length: markdown.length };
}
