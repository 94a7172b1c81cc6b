/** How a stretch of text is meant to look. Channels show what their platform can and leave out the rest. */
export type MarkStyle =
  | "bold"
  | "italic"
  | "strike"
  /** Inline code. Holds no other marks. */
  | "code"
  /** A block of code, with its language when one was named. Holds no other marks. */
  | "pre"
  | "link"
  | "spoiler"
  | "blockquote"
  /** A heading's text; `level` 1-6. Platforms without headings show it bold or plain. */
  | "heading";

export interface Mark {
  style: MarkStyle;
  /** UTF-16 offsets into the text, end exclusive. Never empty. */
  start: number;
  end: number;
  /** `link`: an http, https, mailto, tel or tg URL. */
  href?: string;
  /** `pre`: the first word behind the fence. */
  lang?: string;
  /** `heading`. */
  level?: number;
}

/**
 * Markdown as plain text and marks on it: what every channel's renderer starts from. Marks are properly nested and
 * ordered by start, outer before inner; a style never lies within itself.
 */
export interface MarkdownIr {
  text: string;
  marks: readonly Mark[];
}
