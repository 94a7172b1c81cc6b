import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { ChannelError } from "@openclaw/plugin-sdk";

export interface AgentOptions {
  apiRoot: string;
  proxy?: string;
  autoSelectFamily?: boolean;
}

/** The connection pool of one account; a proxy's agent is loaded only when one is configured. */
export async function createAgent({ apiRoot, proxy, autoSelectFamily }: AgentOptions): Promise<HttpAgent> {
  const options = { keepAlive: true, ...(autoSelectFamily === undefined ? {} : { autoSelectFamily }) };
  if (proxy === undefined || proxy === "")
    return apiRoot.startsWith("https:") ? new HttpsAgent(options) : new HttpAgent(options);
  const protocol = URL.canParse(proxy) ? new URL(proxy).protocol : "";
  if (protocol === "http:" || protocol === "https:") {
    const { HttpsProxyAgent } = await import("https-proxy-agent");
    return new HttpsProxyAgent(proxy, options);
  }
  if (/^socks(4a?|5h?)?:$/.test(protocol)) {
    const { SocksProxyAgent } = await import("socks-proxy-agent");
    return new SocksProxyAgent(proxy, options);
  }
  const message = "channels.telegram.proxy must be an http://, https:// or socks5:// URL";
  throw new ChannelError({ kind: "invalid", outcome: "not-sent", message });
}
