import type { Command } from "./command.ts";
import { shown } from "./directives/level-directive.ts";

export const activation: Command = {
  name: "activation",
  args: "[mention | always]",
  description: "In a group: answer when mentioned, or read and answer everything.",
  section: "This chat",
  run(args, { sessionKey, chatKind }, { sessions }) {
    if (chatKind === "direct") return { reply: "/activation is for groups; here I always answer." };
    const wanted = args.trim().toLowerCase();
    const current = sessions.entry(sessionKey)?.groupActivation;
    if (wanted === "")
      return {
        reply: `Activation: ${current ?? "as the group is configured"}\nChange it with /activation mention | always | default`,
      };
    if (wanted === "default" || wanted === "reset") {
      sessions.patch(sessionKey, { groupActivation: null });
      return { reply: "Activation: as the group is configured" };
    }
    if (wanted !== "mention" && wanted !== "always")
      return { reply: `There is no activation "${shown(args)}". Use /activation mention | always | default` };
    sessions.patch(sessionKey, { groupActivation: wanted, groupActivationNeedsSystemIntro: true });
    return {
      reply: `Activation: ${wanted} · ${wanted === "always" ? "I read every message here" : "I answer when I am mentioned"}`,
    };
  },
};
