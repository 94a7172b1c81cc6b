import { getAt, isPlain } from "../path.ts";
import type { Placement, RewriteRule } from "./rule.ts";

/** `gateway`, `logging` and `automation` as the FAQ writes them. */
export const gatewayRules: readonly RewriteRule[] = [
  {
    from: "gateway.remote.enabled",
    to: "gateway.mode",
    because: "mode says whether this machine uses a remote gateway.",
    convert: (value) =>
      typeof value === "boolean" ? (value ? [{ to: ["gateway", "mode"], value: "remote" }] : []) : undefined,
  },
  { from: "gateway.remote.host", to: "gateway.remote.url", because: "the address is one url.", convert: remoteUrl },
  { from: "gateway.remote.port", to: "", because: "the port is part of gateway.remote.url." },
  { from: "gateway.token", to: "", because: "the token belongs in gateway.auth.token." },
  { from: "logging.verboseModels", to: "logging.modelPayloads", because: "the key says what is written." },
  { from: "automation.cron", to: "cron", because: "the scheduler's section stands at the top." },
  { from: "automation.webhooks", to: "hooks", because: "webhooks stand under hooks." },
];

function remoteUrl(value: unknown, _captures: unknown, config: Record<string, unknown>): Placement[] | undefined {
  if (typeof value !== "string") return undefined;
  const remote = getAt(config, ["gateway", "remote"]);
  const port = isPlain(remote) && typeof remote.port === "number" ? remote.port : 18789;
  const url = /^wss?:\/\//.test(value)
    ? value
    : `ws://${value.includes(":") && !value.startsWith("[") ? `[${value}]` : value}:${port}`;
  return [{ to: ["gateway", "remote", "url"], value: url }];
}
