import { open, realpath } from "node:fs/promises";
import { extname, join, sep } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".gif": "image/gif",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

export interface StaticFile {
  /** Undefined when the caller's copy is the current one. */
  body?: Uint8Array<ArrayBuffer>;
  contentType: string;
  /** Weak validator of size and time. */
  etag: string;
}

/**
 * A regular file below `root`, or undefined. The path is taken as it stands in the URL, still percent-encoded: dot
 * segments, hidden files, encoded separators and links that lead out of `root` find nothing.
 */
export async function readStaticFile(
  root: string,
  urlPath: string,
  ifNoneMatch?: string,
): Promise<StaticFile | undefined> {
  const relative = safeRelativePath(urlPath);
  if (relative === undefined) return undefined;
  try {
    const [base, path] = await Promise.all([realpath(root), realpath(join(root, relative))]);
    if (!path.startsWith(base + sep)) return undefined;
    const file = await open(path, "r");
    try {
      const stat = await file.stat();
      if (!stat.isFile()) return undefined;
      const etag = `W/"${stat.size.toString(36)}-${Math.round(stat.mtimeMs).toString(36)}"`;
      const contentType = TYPES[extname(path).toLowerCase()] ?? "application/octet-stream";
      if (ifNoneMatch === etag) return { contentType, etag };
      return { body: new Uint8Array(await file.readFile()), contentType, etag };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG" || code === "ELOOP") return undefined;
    throw error;
  }
}

function safeRelativePath(urlPath: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (/[\0\\]/.test(decoded)) return undefined;
  const segments = decoded.split("/").filter((segment) => segment !== "");
  if (segments.length === 0 || segments.some((segment) => segment.startsWith("."))) return undefined;
  return segments.join(sep);
}
