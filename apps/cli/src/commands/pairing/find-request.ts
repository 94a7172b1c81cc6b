import { OpenClawError } from "@openclaw/core";
import type { PairingRequest, PairingStore } from "@openclaw/core/access";
import type { CommandContext } from "../../command-line/command.ts";
import { channelNamed } from "../channels/channel-id.ts";
import { openPairing, pairingChannels } from "./stores.ts";

export interface FoundRequest {
  channel: string;
  store: PairingStore;
  request: PairingRequest;
}

/** `<channel> <code>`, or the code alone: codes are unique enough to search every channel for them. */
export function findRequest(first: string, second: string | undefined, context: CommandContext): FoundRequest {
  const code = (second ?? first).trim().toUpperCase();
  const channels = second === undefined ? pairingChannels(context) : [channelNamed(first).id];
  for (const channel of channels) {
    const store = openPairing(channel, context);
    const request = store.pending().find((waiting) => waiting.code === code);
    if (request) return { channel, store, request };
  }
  throw new OpenClawError({
    code: "PAIRING_UNKNOWN",
    message: `Nobody waits with the code ${code}${second === undefined ? "" : ` on ${channels[0]}`}.`,
    hint: "Codes live for an hour. openclaw pairing list shows who waits; the person can write again for a new one.",
  });
}
