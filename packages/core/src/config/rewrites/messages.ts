import { isPlain } from "../path.ts";
import type { Placement, RewriteRule } from "./rule.ts";

const pruningModes = ["off", "adaptive", "aggressive", "cache-ttl"];

/** `messages`, `session` and `queue` as earlier versions and the FAQ write them. */
export const messageRules: readonly RewriteRule[] = [
  {
    from: "messages.tts.enabled",
    to: "messages.tts.auto",
    because: "auto says which replies are spoken.",
    convert: (value) =>
      typeof value === "boolean" ? [{ to: ["messages", "tts", "auto"], value: value ? "always" : "off" }] : undefined,
  },
  { from: "queue", to: "messages.queue", because: "the queue belongs to messages." },
  { from: "messages.queue.byProvider", to: "messages.queue.byChannel", because: "platforms are called channels." },
  { from: "messages.inbound.byProvider", to: "messages.inbound.byChannel", because: "platforms are called channels." },
  { from: "messages.messagePrefix", to: "", because: "it belongs to a channel, and that channel is not configured." },
  {
    from: "session.ttl",
    to: "session.reset",
    because: "a session's life is said in session.reset.",
    convert: timeToLive,
  },
  {
    from: "session.pruning",
    to: "agents.defaults.contextPruning",
    because: "pruning of sessions is said in agents.defaults.contextPruning.",
    convert(value) {
      const to = ["agents", "defaults", "contextPruning"];
      if (typeof value === "boolean") return [{ to: [...to, "mode"], value: value ? "adaptive" : "off" }];
      if (typeof value === "string" && pruningModes.includes(value)) return [{ to: [...to, "mode"], value }];
      if (!isPlain(value)) return undefined;
      const { enabled, ...rest } = value;
      return [{ to, value: { ...(typeof enabled === "boolean" && { mode: enabled ? "adaptive" : "off" }), ...rest } }];
    },
  },
];

const minutes: Record<string, number> = { ms: 1 / 60_000, s: 1 / 60, m: 1, h: 60, d: 1440 };

/** Minutes as a number, or text such as `12h`. */
function timeToLive(value: unknown): Placement[] | undefined {
  const match = typeof value === "string" ? /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(value.trim()) : undefined;
  const length = typeof value === "number" ? value : match ? Number(match[1]) * minutes[match[2] ?? "m"]! : undefined;
  if (length === undefined || !(length > 0)) return undefined;
  const to = ["session", "reset"];
  return [
    { to: [...to, "mode"], value: "idle" },
    { to: [...to, "idleMinutes"], value: Math.max(1, Math.round(length)) },
  ];
}
