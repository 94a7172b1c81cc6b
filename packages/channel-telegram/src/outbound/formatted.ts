import { refusalOf } from "../wire/channel-error.ts";
import { invalid } from "./caller.ts";
import type { RenderedHtml } from "./render-html.ts";

export interface Formatted {
  text: string;
  parse_mode?: "HTML";
}

/**
 * Calls with the markdown rendered, and once more with it as plain text when the platform refuses the markup or it grew
 * past the limit. A refused call did nothing, so this doubles nothing.
 */
export type SendFormatted = <T>(markdown: string, limit: number, call: (text: Formatted) => Promise<T>) => Promise<T>;

export const createSendFormatted =
  (render: (markdown: string) => RenderedHtml): SendFormatted =>
  async (markdown, limit, call) => {
    const rendered = render(markdown);
    const usable = rendered.length <= limit && rendered.html.trim() !== "";
    if (usable) {
      try {
        return await call({ text: rendered.html, parse_mode: "HTML" });
      } catch (error) {
        if (!/can't parse entities|is too long|text is empty|ENTITY_/i.test(refusalOf(error)?.description ?? ""))
          throw error;
      }
    }
    if (markdown.trim() === "") throw invalid("the message is empty");
    if (markdown.length > limit)
      throw invalid(`the text has ${markdown.length} characters, Telegram takes ${limit}: split it`);
    return await call({ text: markdown });
  };
