import type { RootConfig } from "./schema/root.ts";

export type { ChannelConfigBase, ChannelAccountBase } from "./schema/channel-common.ts";
export type { ChannelsConfig } from "./schema/channels.ts";
export type OpenClawConfig = RootConfig;
