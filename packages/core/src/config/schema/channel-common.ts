import { Type, type TSchema } from "typebox";
import { choice, flag, flagOr, ids, int, map, num, section, strings, text } from "./dsl.ts";
import { blockCoalesce } from "./streaming.ts";
import { groupTools } from "./tools.ts";

export const dmPolicy = choice(
  ["pairing", "allowlist", "open", "disabled"],
  "Direct messages from unknown senders: pairing answers with a code, allowlist ignores them, open takes everybody and needs * in allowFrom, disabled takes none.",
  { default: "pairing" },
);

export const groupPolicy = choice(
  ["open", "allowlist", "disabled"],
  "Group messages: open takes every group, allowlist the listed groups and senders, disabled none. Default: channels.defaults.groupPolicy, then allowlist.",
);

export const allowFrom = ids("Senders who may write directly. open needs *.");

/** `pairing | allowlist | open | disabled` with its list and group switches, for platforms that keep direct chats in a section. */
export const dmSection = section("Direct chats.", {
  enabled: flag("Take direct messages.", { default: true }),
  policy: dmPolicy,
  allowFrom,
  groupEnabled: flag("Take group direct messages.", { default: false }),
  groupChannels: ids("Group direct messages allowed. Default: all."),
});

/** What can be set for one group, room or channel everywhere. */
export const groupEntry = {
  enabled: flag("False switches this group off."),
  requireMention: flag("Answer only when mentioned. Default: true."),
  allowFrom: ids("Senders who may trigger the bot here."),
  skills: strings("Only these skills here. Default: all; an empty list: none."),
  systemPrompt: text("Added to the system prompt here."),
  ...groupTools,
};

export const retry = (minDelayMs: number) =>
  section("Repeating of failed requests.", {
    attempts: int("Tries in all.", { default: 3, minimum: 1 }),
    minDelayMs: int("First pause.", { default: minDelayMs, minimum: 0, unit: "ms" }),
    maxDelayMs: int("Longest pause.", { default: 30_000, minimum: 0, unit: "ms" }),
    jitter: num("Random share of a pause.", { default: 0.1, minimum: 0, maximum: 1 }),
  });

export const heartbeatVisibility = section("What of a heartbeat is shown.", {
  showOk: flag("Deliver HEARTBEAT_OK answers. Default: false."),
  showAlerts: flag("Deliver alerts. Default: true."),
  useIndicator: flag("Tell clients that a heartbeat ran. Default: true."),
});

export const replyToMode = (value: "off" | "first" | "all") =>
  choice(["off", "first", "all"], "Whether replies quote the message: never, the first part, or every part.", {
    default: value,
  });

export const reactionNotifications = choice(
  ["off", "own", "all", "allowlist"],
  "Which reactions the agent hears of: none, on its own messages, all, or those of listed users.",
  { default: "own" },
);

export const actions = <K extends string>(defaults: Record<K, boolean>) =>
  section(
    "What the agent's tools may do on this channel.",
    Object.fromEntries(
      Object.entries<boolean>(defaults).map(([name, value]) => [name, flag(`Allow ${name}.`, { default: value })]),
    ) as Record<K, ReturnType<typeof flag>>,
  );

export interface CommonDefaults {
  textChunkLimit?: number;
  mediaMaxMb?: number;
}

/** Keys that every channel section and every account of it takes. Values of an account win over the section's. */
export const common = ({ textChunkLimit = 4000, mediaMaxMb }: CommonDefaults = {}) => ({
  enabled: flag("False keeps the channel from starting. Default: true when the section exists."),
  name: text("Name for people."),
  capabilities: strings("Optional features of the platform to use.", { advanced: true }),
  markdown: section(
    "Rendering.",
    { tables: choice(["off", "bullets", "code"], "How tables are sent where the platform has none.") },
    { advanced: true },
  ),
  configWrites: flag("Allow changes of the configuration that come from this channel.", { default: true }),
  groupPolicy,
  historyLimit: int(
    "Unanswered group messages given as context; 0 for none. Default: messages.groupChat.historyLimit, then 50.",
    { minimum: 0, unit: "messages" },
  ),
  dmHistoryLimit: int("Turns of a direct chat kept as context. Default: all.", { minimum: 0, unit: "turns" }),
  dms: map(
    "Overrides by sender.",
    section("One sender.", { historyLimit: int("Turns kept as context.", { minimum: 0, unit: "turns" }) }),
    { key: "sender" },
  ),
  textChunkLimit: int("Longer replies are cut.", { default: textChunkLimit, minimum: 1, unit: "characters" }),
  chunkMode: choice(["length", "newline"], "Cut by length, or at blank lines first.", { default: "length" }),
  blockStreaming: flag("Send finished parts of an answer early. Default: agents.defaults.blockStreamingDefault."),
  blockStreamingCoalesce: blockCoalesce("Joining of parts before they are sent."),
  mediaMaxMb: num("Largest inbound file.", {
    ...(mediaMaxMb !== undefined && { default: mediaMaxMb }),
    exclusiveMinimum: 0,
    unit: "MB",
  }),
  responsePrefix: text("Put before every reply; empty for none. Default: messages.responsePrefix."),
  heartbeat: heartbeatVisibility,
});

/** Direct-message policy at the section's top, the common form. */
export const direct = {
  dmPolicy,
  allowFrom,
  groupAllowFrom: ids("Senders who may trigger the bot in groups. Default: allowFrom."),
};

/** The platform's own command menu. */
export const nativeCommands = section("The platform's command menu.", {
  native: flagOr(["auto"], "Overrides commands.native."),
  nativeSkills: flagOr(["auto"], "Overrides commands.nativeSkills."),
});

/** A section with `accounts`, each of which takes the same keys. */
export function withAccounts<P extends Record<string, TSchema>>(
  description: string,
  properties: P,
  accountOnly: Record<string, TSchema> = {},
) {
  return section(description, {
    ...properties,
    accounts: map(
      "Several accounts. A value here wins over the section's.",
      section("One account.", { ...properties, ...accountOnly }),
      { key: "account" },
    ),
  });
}

/** What core and gateway may rely on in any channel's section; the rest belongs to the channel. */
const baseFields = {
  ...common(),
  ...direct,
  dm: dmSection,
  groups: map(
    "Groups; when set, also the list of groups allowed. * is every other group.",
    Type.Unsafe<Type.Static<ReturnType<typeof section<typeof groupEntry>>> & { [key: string]: unknown }>(
      section("One group.", groupEntry),
    ),
    { key: "group" },
  ),
  replyToMode: replyToMode("off"),
  reactionNotifications,
  actions: map("What the agent's tools may do.", Type.Boolean()),
  commands: nativeCommands,
  retry: retry(500),
};

/** An account of any channel. A channel's own keys come from its manifest and are unknown here. */
export const channelAccountBase = Type.Unsafe<Record<string, unknown>>({
  ...section("One account of a channel.", baseFields),
  "x-index-type": "unknown",
});

export const channelBase = Type.Unsafe<Record<string, unknown>>({
  ...section("What is known of any channel's section. Its own keys come from its manifest and are unknown here.", {
    ...baseFields,
    accounts: map(
      "Several accounts. A value here wins over the section's.",
      Type.Unsafe({ ...channelAccountBase, "x-type": "ChannelAccountBase" }),
      { key: "account" },
    ),
  }),
  "x-index-type": "unknown",
});

export const channelDefaults = section("Defaults of all channels.", {
  groupPolicy: choice(["open", "allowlist", "disabled"], "Group policy of channels that set none.", {
    default: "allowlist",
  }),
  heartbeat: heartbeatVisibility,
});
