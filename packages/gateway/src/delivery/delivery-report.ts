import type { Clock } from "@openclaw/core";
import type { ChannelManager } from "../channels/manager.ts";
import type { OutboxRow } from "../store/outbox.ts";
import type { Store } from "../store/store.ts";
import type { Deliverer } from "./deliverer.ts";

export interface DeliveryReportOptions {
  store: Store;
  channels: ChannelManager;
  deliverer(): Deliverer;
  clock: Clock;
}

/**
 * What a settled send means for people: a confirmed one proves the channel; one in doubt is told to the chat (in other
 * words than the reply's, so nothing is doubled) and to the session; a refused one to the session.
 */
export function deliveryReport({ store, channels, deliverer, clock }: DeliveryReportOptions) {
  return (row: OutboxRow, state: "sent" | "failed" | "unknown", error?: string): void => {
    const { channel, account, target, sessionKey } = row;
    if (state === "sent") {
      channels.noteOutbound(channel, account);
      return;
    }
    if (sessionKey) {
      const what =
        state === "failed" ? `was not delivered: ${error}` : "may not have arrived: the platform's answer was lost";
      store.systemEvents.add(sessionKey, `A message to ${channel} ${target} ${what}`, clock.now());
    }
    if (state !== "unknown" || row.purpose === "notice") return;
    const text =
      "⚠️ My last message here may not have arrived: the connection broke while I was sending it. Write /resend if you miss it.";
    deliverer().enqueue([
      { turnId: `doubt:${row.id}`, seq: 0, sessionKey, channel, account, target, purpose: "notice", message: { text } },
    ]);
  };
}
