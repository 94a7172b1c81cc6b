/**
 * Markdown as text and marks, for channels that render it to their platform's format: `parseMarkdown` reads what the
 * agent wrote, `renderIr` writes it with the channel's own tags. Apart from the main entry, so that importing the SDK
 * does not load a markdown parser.
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
