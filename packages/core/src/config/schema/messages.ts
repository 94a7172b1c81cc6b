import { choice, flag, int, map, section, text } from "./dsl.ts";
import { groupChat } from "./group-chat.ts";
import { tts } from "./tts.ts";

const queueModes = ["steer", "followup", "collect", "steer-backlog", "steer+backlog", "interrupt", "queue"] as const;

export const messages = section("Messages in and out: prefixes, reactions, queueing.", {
  responsePrefix: text(
    "Put before every reply. auto is [agent's name]; {model}, {modelFull}, {provider}, {thinkingLevel} and {identity.name} are replaced.",
  ),
  ackReaction: text("Reaction that acknowledges a message; empty for none. Default: the agent's emoji, else 👀."),
  ackReactionScope: choice(
    ["group-mentions", "group-all", "direct", "all", "off"],
    "Which messages are acknowledged.",
    { default: "group-mentions" },
  ),
  removeAckAfterReply: flag("Take the reaction away after the reply.", { default: false }),
  groupChat: groupChat("Mentions and history in groups."),
  queue: section("Messages that arrive while the agent works.", {
    mode: choice(
      queueModes,
      "steer adds them to the running turn, followup and collect run after it, steer-backlog does both, interrupt stops it. queue is the old name of steer.",
      { default: "collect" },
    ),
    byChannel: map("Mode by channel.", choice(queueModes, "Mode."), { key: "channel" }),
    debounceMs: int("Quiet time before queued messages run.", { default: 1000, minimum: 0, unit: "ms" }),
    debounceMsByChannel: map("The same by channel.", int("Quiet time.", { minimum: 0, unit: "ms" }), {
      key: "channel",
      advanced: true,
    }),
    cap: int("Most messages in the queue.", { default: 20, minimum: 1 }),
    drop: choice(["old", "new", "summarize"], "What happens beyond the cap.", { default: "summarize" }),
  }),
  inbound: section("Joining of quick messages of one sender into one turn.", {
    debounceMs: int("Quiet time; 0 switches it off.", { default: 0, minimum: 0, unit: "ms" }),
    byChannel: map("The same by channel.", int("Quiet time.", { minimum: 0, unit: "ms" }), { key: "channel" }),
  }),
  delivery: section("Sending replies.", {
    onUnknown: choice(
      ["report", "resend"],
      "A reply whose fate is unknown because the answer was lost: report tells the chat and does not repeat it, resend sends it again and may double it.",
      { default: "report" },
    ),
  }),
  tts,
  suppressToolErrors: flag("Keep tool failures out of the chat.", { default: false, advanced: true }),
});
