import { catalog } from "../channels/generated/catalog.ts";

export interface ChannelListing {
  id: string;
  label: string;
  /** Its code is part of this version; otherwise only its configuration is understood. */
  available: boolean;
}

/** Every channel the gateway knows. Loads none of them. */
export const listChannels = (): ChannelListing[] =>
  catalog.map(({ id, label, load }) => ({ id, label, available: load !== undefined }));
