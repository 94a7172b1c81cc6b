import type { GatewayContext } from "../gateway-context.ts";
import type { Command } from "./command.ts";
import { shown } from "./directives/level-directive.ts";

const policies: Readonly<Record<string, "allow" | "deny" | null>> = {
  on: "allow",
  allow: "allow",
  off: "deny",
  deny: "deny",
  inherit: null,
  default: null,
  reset: null,
};

export const sendPolicy: Command = {
  name: "send",
  args: "[on | off | inherit]",
  description: "Whether I may answer in this conversation.",
  section: "This chat",
  run(args, { sessionKey }, context) {
    const wanted = args.trim().toLowerCase();
    if (wanted !== "") {
      const policy = Object.hasOwn(policies, wanted) ? policies[wanted] : undefined;
      if (policy === undefined) return { reply: `There is no setting "${shown(args)}". Use /send on | off | inherit` };
      context.sessions.patch(sessionKey, { sendPolicy: policy });
    }
    return { reply: describe(sessionKey, context) };
  },
};

function describe(sessionKey: string, { sessions }: GatewayContext): string {
  const own = sessions.entry(sessionKey)?.sendPolicy;
  const answers =
    sessions.sendPolicy(sessionKey) === "allow" ? "I answer here" : "I stay silent here, commands excepted";
  return `Send: ${own === undefined ? "inherit" : own === "allow" ? "on" : "off"} · ${answers}`;
}
