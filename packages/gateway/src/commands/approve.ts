import { mayElevate } from "./access/may-elevate.ts";
import type { Command } from "./command.ts";
import { shown } from "./directives/level-directive.ts";
import { RpcError } from "../server/rpc-error.ts";

const DECISIONS: Readonly<Record<string, string | undefined>> = {
  "allow-once": "allow-once",
  allow: "allow-once",
  once: "allow-once",
  "allow-always": "allow-always",
  always: "allow-always",
  deny: "deny",
  reject: "deny",
  block: "deny",
};
const USAGE = "/approve <id> allow-once|allow-always|deny";

export const approve: Command = {
  name: "approve",
  args: "<id> allow-once|allow-always|deny",
  description: "Decide about a command that waits for approval.",
  section: "Administration",
  run(args, input, context) {
    const [id = "", word = "", ...rest] = args.trim().split(/\s+/);
    const decision = DECISIONS[word.toLowerCase()];
    if (id === "" || !decision || rest.length > 0) return { reply: `Use ${USAGE}` };
    const { execApprovals } = context;
    const asked = input.target !== undefined && execApprovals.decides(input.channel, input.target);
    const refusal = input.owner || asked ? undefined : mayElevate(input, context);
    if (refusal)
      return {
        reply:
          "Only an owner, a chat of approvals.exec.targets or somebody in tools.elevated.allowFrom may approve commands.",
      };
    try {
      const { id: full, request } = execApprovals.desk.resolve(id, decision, input.senderName ?? input.senderId);
      const said = { "allow-once": "Approved once", "allow-always": "Approved for good", deny: "Denied" }[decision];
      return { reply: `${said} (${full.slice(0, 8)}): ${request.command.slice(0, 200)}` };
    } catch (error) {
      if (RpcError.is(error)) return { reply: `Nothing waits under "${shown(id)}": it was answered, or it expired.` };
      throw error;
    }
  },
};
