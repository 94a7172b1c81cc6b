/**
 * Markdown as models write it, for a channel's renderer: `parseMarkdown` gives text and marks, `renderIr` writes them
 * with the platform's tags, `splitIr` cuts where the platform counts rendered text.
 */
export {
  escapeHtml,
  type IrRenderer,
  type Mark,
  type MarkdownIr,
  type MarkStyle,
  parseMarkdown,
  type ParseOptions,
  renderIr,
  sliceIr,
  splitIr,
  type TableMode,
} from "@openclaw/core/markdown";
