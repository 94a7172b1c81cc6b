import { section, text } from "./dsl.ts";

export const ui = section("Appearance.", {
  seamColor: text("Accent colour of the native apps, RRGGBB or #RRGGBB.", {
    pattern: "^#?[0-9A-Fa-f]{6}$",
    expected: "a colour such as #FF4500",
  }),
  assistant: section("How the Control UI shows the assistant. Default: the agent's identity.", {
    name: text("Name.", { maxLength: 50 }),
    avatar: text("Emoji, short text, image address or data: URI."),
  }),
});
