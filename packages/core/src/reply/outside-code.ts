import { type Fence, fenceAfter } from "./fence.ts";

/**
 * Applies `change` to the parts of a text that are not code: between fenced blocks, and between inline code on a line.
 */
export function outsideCode(text: string, change: (part: string) => string): string {
  let fence: Fence | undefined;
  let out = "";
  let plain = "";
  const flush = () => {
    out += plain
      .split(/(`[^`\n]+`)/)
      .map((part, index) => (index % 2 === 1 ? part : change(part)))
      .join("");
    plain = "";
  };
  for (const line of text.split(/(?<=\n)/)) {
    const before = fence;
    fence = fenceAfter(line.replace(/\r?\n$/, ""), fence);
    if (before || fence) {
      flush();
      out += line;
    } else plain += line;
  }
  flush();
  return out;
}
