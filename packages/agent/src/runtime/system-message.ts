import type { SystemMessage } from "@earendil-works/pi-ai";
import type { PreparedTurn } from "./turn-types.ts";

/** The prompt and the tools a model may call, as pi's first message. */
export function systemMessage({ systemPrompt, tools }: Pick<PreparedTurn, "systemPrompt" | "tools">): SystemMessage {
  return {
    role: "system",
    content: systemPrompt,
    timestamp: 0,
    ...(tools.length > 0
      ? {
          toolsAdded: tools.map(({ name, description, parameters }) => ({
            name,
            description,
            parameters: parameters as NonNullable<SystemMessage["toolsAdded"]>[number]["parameters"],
          })),
        }
      : {}),
  };
}
