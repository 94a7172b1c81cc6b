const DEFAULT_API_ROOT = "https://api.telegram.org";

/**
 * The Bot API address without a trailing slash, or why it may not be used: it receives the bot token, so plain http is
 * only for this machine.
 */
export function checkApiRoot(apiRoot: string | undefined): { root: string } | { problem: string } {
  if (apiRoot === undefined || apiRoot === "") return { root: DEFAULT_API_ROOT };
  const key = "channels.telegram.apiRoot";
  if (!URL.canParse(apiRoot)) return { problem: `${key} is not a URL` };
  const url = new URL(apiRoot);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    return { problem: `${key} must be a plain address without credentials, query or fragment` };
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback))
    return {
      problem: `${key} ${url.origin} would receive the bot token unencrypted; use https, or http on this machine`,
    };
  return { root: apiRoot.replace(/\/+$/, "") };
}
