import { choice, int, list, map, needed, path, section, strings, text, type Annotations } from "./dsl.ts";
import { typingMode } from "./typing.ts";

const reset = (description: string, withDefaults: boolean) =>
  section(description, {
    mode: choice(
      ["daily", "idle"],
      "New session every day at an hour, or after silence.",
      withDefaults ? { default: "daily" } : {},
    ),
    atHour: int("Hour of the daily reset, gateway host's local time.", {
      ...(withDefaults && { default: 4 }),
      minimum: 0,
      maximum: 23,
      unit: "h",
    }),
    idleMinutes: int(
      "New session after this much silence. With mode daily, whichever comes first; with mode idle the default is 60.",
      { minimum: 1, unit: "min" },
    ),
  });

/** Conditions shared by send policy and media scope. */
export const rules = (description: string, annotations: Annotations = {}) =>
  list(
    description,
    section("One rule.", {
      action: needed(choice(["allow", "deny"], "What happens on a match.")),
      match: section("All given fields must match.", {
        channel: text("Channel id."),
        chatType: choice(["direct", "group", "room", "channel"], "Kind of chat."),
        keyPrefix: text("Start of the session key, e.g. cron:."),
      }),
    }),
    annotations,
  );

export const session = section("How conversations are kept apart, when they start anew, and where they are stored.", {
  scope: choice(["per-sender", "global"], "One session for each sender, or one for everybody.", {
    default: "per-sender",
  }),
  dmScope: choice(
    ["main", "per-peer", "per-channel-peer", "per-account-channel-peer"],
    "How direct chats are grouped into sessions.",
    { default: "main" },
  ),
  identityLinks: map(
    "One person's ids on several platforms, so that they share a session.",
    strings("Ids as channel:id."),
    { key: "name" },
  ),
  reset: reset("When a session starts anew. Default: daily at 4.", false),
  resetByType: section("Overrides by kind of chat.", {
    dm: reset("Direct chats.", false),
    group: reset("Groups.", false),
    thread: reset("Threads and topics.", false),
  }),
  resetByChannel: map("Overrides by channel; they replace the other policies.", reset("One channel.", false), {
    key: "channel",
  }),
  resetTriggers: strings("Messages that start a new session.", { default: ["/new", "/reset"] }),
  idleMinutes: int("Older form of reset.idleMinutes: alone, it means idle reset only.", {
    minimum: 1,
    unit: "min",
    advanced: true,
  }),
  heartbeatIdleMinutes: int("Silence after which a heartbeat starts a new session.", {
    minimum: 1,
    unit: "min",
    advanced: true,
  }),
  store: path(
    "Where sessions.json is kept; {agentId} is replaced. Default: agents/{agentId}/sessions/sessions.json in the state directory.",
    { advanced: true },
  ),
  mainKey: text("Name of the session all direct chats share.", { default: "main", minLength: 1 }),
  typingMode: typingMode("Overrides agents.defaults.typingMode."),
  typingIntervalSeconds: int("Overrides agents.defaults.typingIntervalSeconds.", { minimum: 1, unit: "s" }),
  agentToAgent: section("Conversations between agents.", {
    maxPingPongTurns: int("Most replies going back and forth.", { default: 5, minimum: 0, maximum: 5 }),
  }),
  sendPolicy: section("Whether replies are delivered.", {
    default: choice(["allow", "deny"], "When no rule matches.", { default: "allow" }),
    rules: rules("The first deny wins; otherwise allow."),
  }),
  maintenance: section(
    "Keeping the store small.",
    {
      mode: choice(["off", "warn", "enforce"], "Report, or prune.", { default: "off" }),
      pruneAfterDays: int("Sessions untouched for longer are archived.", { minimum: 1, unit: "d" }),
      maxEntries: int("Most sessions kept for each agent.", { minimum: 1 }),
    },
    { advanced: true },
  ),
});
