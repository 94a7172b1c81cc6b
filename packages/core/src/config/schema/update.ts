import { choice, flag, section } from "./dsl.ts";

export const update = section("Updates.", {
  channel: choice(["stable", "beta", "dev"], "Which versions.", { default: "stable" }),
  checkOnStart: flag("Look for a newer version at start.", { default: true }),
});
