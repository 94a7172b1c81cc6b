import { nearest } from "@openclaw/core/config";
import { type ChannelListing, listChannels } from "@openclaw/gateway/installation";
import { usageError } from "../../command-line/usage-error.ts";

/** The channel that a person named. Fails when no channel is called so. */
export function channelNamed(word: string): ChannelListing {
  const channels = listChannels();
  const found = channels.find(
    ({ id, label }) => id === word.toLowerCase() || label.toLowerCase() === word.toLowerCase(),
  );
  if (found) return found;
  const ids = channels.map(({ id }) => id);
  const meant = nearest(word, ids);
  throw usageError(
    `There is no channel "${word}".`,
    meant ? `Did you mean ${meant}?` : `There are: ${ids.join(", ")}.`,
  );
}
