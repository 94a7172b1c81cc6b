import type { SenderAccess } from "../../exec-approvals/sender-access.ts";
import type { GatewayContext } from "../../gateway-context.ts";
import type { CommandInput } from "../command.ts";
import type { TurnOverrides } from "../directives/turn-overrides.ts";
import { mayElevate } from "./may-elevate.ts";

/** What a message brings for the commands of its turn; judged when it comes in, and kept with it. */
export function senderAccess(
  input: CommandInput,
  { elevated, exec }: TurnOverrides,
  context: GatewayContext,
): SenderAccess {
  const refused = mayElevate(input, context);
  return {
    ...(input.owner ? { owner: true } : {}),
    ...(refused === undefined ? {} : { refused }),
    ...(elevated ? { level: elevated } : {}),
    ...(exec ? { exec } : {}),
  };
}
