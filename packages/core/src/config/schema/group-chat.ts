import { int, section, strings } from "./dsl.ts";

export const groupChat = (description: string) =>
  section(description, {
    mentionPatterns: strings(
      "Regular expressions that count as a mention. Default: made from the agent's name and emoji.",
    ),
    historyLimit: int("Unanswered group messages given as context; 0 for none.", { minimum: 0, unit: "messages" }),
  });
