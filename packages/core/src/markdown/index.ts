export type { Mark, MarkdownIr, MarkStyle } from "./ir.ts";
export { parseMarkdown, type ParseOptions } from "./parse-markdown.ts";
export { escapeHtml, type IrRenderer, renderIr } from "./render-ir.ts";
export { sliceIr, splitIr } from "./slice-ir.ts";
export type { TableMode } from "./table.ts";
