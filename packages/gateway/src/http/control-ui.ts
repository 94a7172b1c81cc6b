import { createHash } from "node:crypto";
import type { ControlUiOptions } from "./http-options.ts";
import { readStaticFile } from "./static-file.ts";

/** Vite writes a content hash into the names below this folder, so they never change. */
const HASHED_ASSET = /^\/assets\/.+-[\w-]{8,}\.\w+$/;

/** Answers GET and HEAD for the Control UI; every path that is no file is the single page. */
export function createControlUi({ directory, basePath = "", bootstrap }: ControlUiOptions) {
  return async (path: string, request: Request): Promise<Response> => {
    if (request.method !== "GET" && request.method !== "HEAD") return methodNotAllowed();
    if (path === basePath && basePath !== "") return redirectTo(`${basePath}/`);
    if (!path.startsWith(`${basePath}/`)) return notFound();
    const inside = path.slice(basePath.length);
    const ifNoneMatch = request.headers.get("if-none-match") ?? undefined;
    const file = inside === "/index.html" ? undefined : await readStaticFile(directory, inside, ifNoneMatch);
    if (file) {
      const cacheControl = HASHED_ASSET.test(inside) ? "public, max-age=31536000, immutable" : "no-cache";
      const headers = { "content-type": file.contentType, "cache-control": cacheControl, etag: file.etag };
      return new Response(file.body ?? null, { status: file.body ? 200 : 304, headers: pageHeaders("", headers) });
    }
    // A page in place of a missing script or style would only fail later and say less.
    if (inside.startsWith("/assets/")) return notFound();
    const index = await readStaticFile(directory, "/index.html");
    if (!index?.body) return notBuilt();
    const { html, scriptHash } = withBootstrap(new TextDecoder().decode(index.body), basePath, bootstrap());
    const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" };
    return new Response(html, { headers: pageHeaders(scriptHash, headers) });
  };
}

/**
 * Puts the bootstrap globals into the head and makes the bundle's relative addresses absolute, since the single page is
 * served under paths of any depth.
 */
function withBootstrap(
  html: string,
  basePath: string,
  { assistantName, assistantAvatar }: ReturnType<ControlUiOptions["bootstrap"]>,
): { html: string; scriptHash: string } {
  const script = Object.entries({
    __OPENCLAW_CONTROL_UI_BASE_PATH__: basePath,
    __OPENCLAW_ASSISTANT_NAME__: assistantName,
    __OPENCLAW_ASSISTANT_AVATAR__: assistantAvatar,
  })
    .map(([name, value]) => `window.${name}=${scriptString(value)};`)
    .join("");
  const absolute = html.replaceAll(/\b(src|href)="\.\//g, (_match, attribute: string) => `${attribute}="${basePath}/`);
  const tag = `<script>${script}</script>`;
  const head = /<head[^>]*>/i.exec(absolute);
  const at = head ? head.index + head[0].length : 0;
  return {
    html: absolute.slice(0, at) + tag + absolute.slice(at),
    scriptHash: createHash("sha256").update(script, "utf8").digest("base64"),
  };
}

/** A JavaScript string literal that cannot end the script element it stands in. */
function scriptString(text: string): string {
  return JSON.stringify(text)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

function pageHeaders(scriptHash: string, headers: Record<string, string>): Record<string, string> {
  const scripts = scriptHash === "" ? "'self'" : `'self' 'sha256-${scriptHash}'`;
  return {
    ...headers,
    // The page reaches this gateway and nothing else: no image or socket can carry what it shows to another host.
    "content-security-policy": [
      "default-src 'none'",
      `script-src ${scripts}`,
      "style-src 'self'",
      "img-src 'self' data: blob:",
      "media-src 'self' data: blob:",
      "font-src 'self' data:",
      "connect-src 'self'",
      "worker-src 'self'",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
    // The address of a first visit carries the sign-in token.
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
  };
}

function methodNotAllowed(): Response {
  return new Response("Method Not Allowed", { status: 405, headers: { allow: "GET, HEAD" } });
}

function notFound(): Response {
  return new Response("Not Found", { status: 404 });
}

function redirectTo(location: string): Response {
  return new Response(null, { status: 308, headers: { location } });
}

function notBuilt(): Response {
  return new Response("The Control UI is not built. In a checkout run: pnpm build\n", { status: 503 });
}
