import { isPlain } from "../path.ts";
import { agentRules } from "./agents.ts";
import { gatewayRules } from "./gateway.ts";
import { messageRules } from "./messages.ts";
import { modelRules } from "./models.ts";
import { routingRules } from "./routing.ts";
import type { RewriteRule } from "./rule.ts";

/** Every accepted spelling that is not a channel's own, in the order of application. */
export const legacyRules: readonly RewriteRule[] = [
  ...agentRules,
  ...modelRules,
  ...routingRules,
  ...messageRules,
  ...gatewayRules,
];

/** A channel's section once stood at the top of the file. */
export function channelSections(channels: readonly string[]): RewriteRule[] {
  return channels.map((id) => ({
    from: id,
    to: `channels.${id}`,
    because: "channels stand together under channels.",
    convert: (value) => (isPlain(value) ? [{ to: ["channels", id], value }] : undefined),
  }));
}
