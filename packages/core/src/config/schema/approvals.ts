import { Type } from "typebox";
import { choice, either, flag, list, needed, num, section, strings, text } from "./dsl.ts";

export const approvals = section("Where questions about commands are asked.", {
  exec: section("Commands that need approval.", {
    enabled: flag("Ask in chats too.", { default: false }),
    mode: choice(["session", "targets", "both"], "In the session's chat, at the targets, or both.", {
      default: "session",
    }),
    agentFilter: strings("Only these agents."),
    sessionFilter: strings("Only session keys that contain or match one of these."),
    targets: list(
      "Chats that are asked.",
      section("One chat.", {
        channel: needed(text("Channel id.")),
        to: needed(text("Recipient.")),
        accountId: text("Account."),
        threadId: either("Thread.", [Type.String(), num("Id.")]),
      }),
    ),
  }),
});
