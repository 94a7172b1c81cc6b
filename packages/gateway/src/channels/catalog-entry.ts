import type { ChannelDefinition } from "@openclaw/plugin-sdk/channel";

/** A channel the gateway knows, from its manifest; its code is loaded only when it is configured. */
export interface CatalogEntry {
  id: string;
  label: string;
  /** Absent while the channel is not part of this installation. */
  load?: () => Promise<ChannelDefinition<unknown, unknown>>;
}
