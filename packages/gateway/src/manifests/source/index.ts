import { bluebubbles } from "./bluebubbles.ts";
import type { ChannelSource } from "./channel.ts";
import { discord } from "./discord.ts";
import { googlechat } from "./googlechat.ts";
import { imessage } from "./imessage.ts";
import { mattermost } from "./mattermost.ts";
import { msteams } from "./msteams.ts";
import { signal } from "./signal.ts";
import { slack } from "./slack.ts";
import { telegram } from "./telegram.ts";
import { whatsapp } from "./whatsapp.ts";

/** In the order of a form. */
export const channelSources: readonly ChannelSource[] = [
  whatsapp,
  telegram,
  discord,
  googlechat,
  slack,
  mattermost,
  signal,
  imessage,
  bluebubbles,
  msteams,
];
