import { Type } from "typebox";
import { channelDefaults, type ChannelConfigBase } from "./channel-common.ts";

export type ChannelsConfig = {
  defaults?: Type.Static<typeof channelDefaults>;
  [channelId: string]: ChannelConfigBase | undefined;
};

/** The known entries beside `defaults` come from channel manifests and are added when the schema is composed. */
export const channels = Type.Unsafe<ChannelsConfig>({
  type: "object",
  description: "Chat channels, by id.",
  properties: { defaults: channelDefaults },
  additionalProperties: false,
});
