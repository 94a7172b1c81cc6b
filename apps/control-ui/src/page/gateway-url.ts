/**
 * The gateway's WebSocket address: always the host that served the page. Nothing in the address bar or in storage can
 * point it elsewhere, so a crafted link cannot make the page hand its token to a stranger.
 */
export function gatewayUrl(location: { protocol: string; host: string }, basePath: string): string {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return `${scheme}://${location.host}${basePath}/`;
}
