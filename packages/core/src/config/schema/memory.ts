import { choice, section } from "./dsl.ts";

export const memory = section("Memory storage.", {
  backend: choice(["builtin", "qmd"], "What searches memory files.", { default: "builtin" }),
  citations: choice(["auto", "on", "off"], "Name sources in answers: auto does in direct chats.", { default: "auto" }),
});
