import { applySessionPatch } from "../sessions/session-patch.ts";
import type { Command } from "./command.ts";

const spellings: Readonly<Record<string, string>> = { on: "low", ultra: "high", max: "high", none: "off" };

export const think: Command = {
  name: "think",
  aliases: ["thinking", "t"],
  args: "[off | minimal | low | medium | high]",
  description: "Show or set how long I think before I answer.",
  run(args, { sessionKey }, { config, sessions }) {
    const wanted = args.trim().toLowerCase();
    if (wanted === "") return { reply: `Thinking: ${sessions.entry(sessionKey)?.thinkingLevel ?? "default"}` };
    try {
      const level = spellings[wanted] ?? wanted;
      sessions.patch(sessionKey, applySessionPatch({ thinkingLevel: level === "default" ? null : level }, config()));
      return { reply: `Thinking: ${level}` };
    } catch (error) {
      return { reply: error instanceof Error ? error.message : String(error) };
    }
  },
};
