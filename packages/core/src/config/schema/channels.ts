import { Type } from "typebox";
import { channelDefaults } from "./channel-common.ts";

/** The known entries beside `defaults` come from channel manifests and are added when the schema is composed. */
export const channels = Type.Unsafe<Record<string, unknown>>({
  type: "object",
  description: "Chat channels, by id.",
  properties: { defaults: channelDefaults },
  additionalProperties: false,
  "x-index-type": "ChannelConfigBase | undefined",
});
