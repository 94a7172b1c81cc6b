import { type Fence, fenceAfter } from "./fence.ts";

export interface MediaLines {
  /** The text without its media lines. */
  text: string;
  /**
   * http(s) URLs and local paths, in order. Paths are what the model wrote: whoever reads them must hold them to the
   * folders that the session may read.
   */
  media: string[];
}

const MAX_LENGTH = 4096;

/**
 * Takes `MEDIA:<path-or-url>` lines out of a reply. Only at the start of a line and outside code blocks; spaces need
 * quotes or backticks around the whole. What climbs with `..` or carries another scheme stays text.
 */
export function parseMediaLines(text: string): MediaLines {
  if (!text.includes("MEDIA:")) return { text, media: [] };
  const media: string[] = [];
  const kept: string[] = [];
  let fence: Fence | undefined;
  for (const line of text.split("\n")) {
    const source = fence ? undefined : mediaOf(line);
    fence = fenceAfter(line, fence);
    if (source === undefined) kept.push(line);
    else media.push(source);
  }
  return media.length === 0
    ? { text, media }
    : {
        text: kept
          .join("\n")
          .replaceAll(/\n{3,}/g, "\n\n")
          .trim(),
        media,
      };
}

function mediaOf(line: string): string | undefined {
  const match = /^\s{0,3}`?MEDIA:[ \t]*(.+?)[ \t]*$/.exec(line);
  if (!match) return undefined;
  let source = match[1] ?? "";
  const quoted = /^(["'`])(.+)\1$/.exec(source);
  if (quoted) source = quoted[2] ?? "";
  else if (line.trimStart().startsWith("`")) source = source.replace(/`$/, "");
  if (source.length > MAX_LENGTH || (!quoted && /\s/.test(source))) return undefined;
  // eslint-disable-next-line no-control-regex -- no path has them
  if (/[\u0000-\u001f]/.test(source)) return undefined;
  if (/^https?:\/\/[^\s/]/i.test(source)) return source;
  if (source.split(/[\\/]/).includes("..")) return undefined;
  if (/^file:\/\/\//i.test(source)) return decodeFileUrl(source);
  return /^(?:\.{0,1}\/|~\/|[A-Za-z]:[\\/])[^\s]/.test(source) ? source : undefined;
}

function decodeFileUrl(source: string): string | undefined {
  try {
    const path = decodeURIComponent(new URL(source).pathname);
    return path.split("/").includes("..") || path.includes("\0") ? undefined : path;
  } catch {
    return undefined;
  }
}
