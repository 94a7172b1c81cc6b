import type { Command } from "./command.ts";

export const restart: Command = {
  name: "restart",
  description: "Restart the gateway; running answers are finished first.",
  section: "Administration",
  enabled: ({ commands }) => commands?.restart === true,
  switch: "commands.restart",
  ownerOnly: true,
  run(_args, { channel, senderId }, { restart: restartGateway, log }) {
    if (!restartGateway)
      return {
        reply:
          "I cannot restart this gateway from inside: nothing would start it again. Use openclaw gateway restart on its machine.",
      };
    log.warn(`restart asked for by ${channel} sender ${senderId}`);
    restartGateway(`/restart from ${channel}`);
    return { reply: "Restarting. Running answers are finished first." };
  },
};
