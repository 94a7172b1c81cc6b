import type { Command } from "./command.ts";

export const resend: Command = {
  name: "resend",
  description: "Send again what may not have reached you.",
  section: "Conversation",
  run(_args, { channel, account, target }, { deliverer, store }) {
    if (!account || !target) return { reply: "Nothing was lost here." };
    const rows = store.outbox.unknown(channel, account, target).filter(({ purpose }) => purpose === "reply");
    for (const row of rows) deliverer.resend(row);
    return {
      reply:
        rows.length === 0
          ? "Nothing is in doubt: every reply here was confirmed."
          : `Sending ${rows.length === 1 ? "it" : `${rows.length} messages`} again.`,
    };
  },
};
