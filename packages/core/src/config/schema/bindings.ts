import { choice, either, list, needed, num, section, text } from "./dsl.ts";
import { Type } from "typebox";

export const bindings = list(
  "Which agent answers where. More specific matches win: peer, guildId, teamId, account, channel; then file order.",
  section("One route.", {
    agentId: needed(text("Agent that answers.", { minLength: 1 })),
    match: needed(
      section("All given fields must match.", {
        channel: needed(text("Channel id.", { minLength: 1 })),
        accountId: text("Account; * is any. Default: the default account."),
        peer: section("One chat.", {
          kind: needed(choice(["dm", "group", "channel"], "Kind of chat.")),
          id: needed(either("Id of the person, group or channel.", [Type.String({ minLength: 1 }), num("Id.")])),
        }),
        guildId: text("Server id."),
        teamId: text("Team or workspace id."),
      }),
    ),
    comment: text("Note for yourself."),
  }),
);

const peers = {
  type: "array",
  items: { type: "string" },
  description: "Agents that all answer in this chat.",
} as const;

/** Any key but `strategy` is a chat id. */
export const broadcast = Type.Unsafe<{
  strategy?: "parallel" | "sequential";
  [peerId: string]: string[] | string | undefined;
}>({
  type: "object",
  description: "Chats in which several agents answer each message.",
  properties: {
    strategy: choice(["parallel", "sequential"], "All at once, or one after the other.", { default: "parallel" }),
  },
  additionalProperties: peers,
  "x-key": "chat",
});
