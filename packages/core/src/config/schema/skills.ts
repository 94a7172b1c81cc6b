import { Type } from "typebox";
import { anything, choice, flag, int, map, secret, section, strings } from "./dsl.ts";

export const skills = section("Skills: which, from where, with which settings.", {
  allowBundled: strings("Only these bundled skills. Managed and workspace skills are not affected."),
  load: section("Where skills come from.", {
    extraDirs: strings("Further directories, lowest priority."),
    watch: flag("Notice changes while running.", { default: true }),
    watchDebounceMs: int("Quiet time after a change.", { default: 250, minimum: 0, unit: "ms" }),
  }),
  install: section("Installing what a skill needs.", {
    preferBrew: flag("Use Homebrew where it exists.", { default: true }),
    nodeManager: choice(["npm", "pnpm", "yarn", "bun"], "Package manager for Node programs.", { default: "npm" }),
  }),
  entries: map(
    "Settings by skill.",
    section("One skill.", {
      enabled: flag("False switches it off even when installed."),
      apiKey: secret("Value of the skill's main variable."),
      env: map("Variables during a run, unless already set.", Type.String({ "x-sensitive": true }), { key: "NAME" }),
      config: map("The skill's own settings.", anything("Value.")),
    }),
    { key: "skill" },
  ),
});
