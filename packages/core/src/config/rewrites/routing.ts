import { isPlain } from "../path.ts";
import type { Placement, RewriteRule } from "./rule.ts";

/** `routing.*` and older forms of `bindings`. */
export const routingRules: readonly RewriteRule[] = [
  {
    from: "routing.agents.*",
    to: "agents.list[]",
    because: "agents are entries of agents.list.",
    convert: (value, [id]) =>
      isPlain(value)
        ? Object.entries(value).map(([key, child]): Placement => ({
            from: [key],
            to: ["agents", "list", { id: String(id) }, ...(key === "mentionPatterns" ? ["groupChat"] : []), key],
            value: child,
          }))
        : undefined,
  },
  {
    from: "routing.defaultAgentId",
    to: "agents.list[].default",
    because: "the default agent is marked in agents.list.",
    convert: (value) =>
      typeof value === "string" ? [{ to: ["agents", "list", { id: value }, "default"], value: true }] : undefined,
  },
  { from: "routing.bindings", to: "bindings", because: "routes stand at the top." },
  { from: "routing.agentToAgent", to: "tools.agentToAgent", because: "messages between agents are a tool." },
  { from: "routing.queue", to: "messages.queue", because: "the queue belongs to messages." },
  { from: "routing.groupChat.requireMention", to: "", because: "it is said for each channel's groups." },
  { from: "routing.groupChat", to: "messages.groupChat", because: "group chats belong to messages." },
  {
    from: "routing.transcribeAudio",
    to: "tools.media.audio.models",
    because: "audio is understood by tools.media.",
    convert: transcriber,
  },
  {
    from: "audio.transcription",
    to: "tools.media.audio.models",
    because: "audio is understood by tools.media.",
    convert: transcriber,
  },
  { from: "bindings.*.match.provider", to: "bindings.*.match.channel", because: "platforms are called channels." },
  { from: "bindings.*.match.accountID", to: "bindings.*.match.accountId", because: "the key is accountId." },
  {
    from: "bindings.*.match.peer.kind",
    to: "bindings.*.match.peer.kind",
    because: "a direct chat is written dm.",
    convert: (value, [index]) =>
      value === "direct" ? [{ to: ["bindings", index!, "match", "peer", "kind"], value: "dm" }] : undefined,
  },
];

/** `{ command: ["whisper", "--model", "base"], timeoutSeconds }` */
function transcriber(value: unknown): Placement[] | undefined {
  if (!isPlain(value) || !Array.isArray(value.command)) return undefined;
  const [command, ...args] = value.command as unknown[];
  const { command: _command, ...rest } = value;
  return [{ to: ["tools", "media", "audio", "models"], value: [{ type: "cli", command, args, ...rest }] }];
}
