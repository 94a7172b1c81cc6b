import { flag, flagOr, ids, int, section } from "./dsl.ts";

export const commands = section("Chat commands such as /status and /model.", {
  native: flagOr(
    ["auto"],
    "Register commands with the platform's own menu: auto means where the platform is good at it.",
    { default: "auto" },
  ),
  nativeSkills: flagOr(["auto"], "Register skills in the platform's own menu too.", { default: "auto" }),
  text: flag("Read commands from message text.", { default: true }),
  bash: flag("Allow ! and /bash on the host. Needs tools.elevated and its allowFrom.", { default: false }),
  bashForegroundMs: int("How long ! waits before the job moves to the background; 0 moves it at once.", {
    default: 2000,
    minimum: 0,
    maximum: 30_000,
    unit: "ms",
  }),
  config: flag("Allow /config, which writes the configuration file.", { default: false }),
  debug: flag("Allow /debug, overrides that live in memory only.", { default: false }),
  restart: flag("Allow /restart and the gateway tool's restart.", { default: false }),
  useAccessGroups: flag("Commands obey the allowlists and group policies.", { default: true }),
  ownerAllowFrom: ids(
    "Senders who count as the owner; entries may be channel:id. Empty: the channel's own allowFrom decides.",
  ),
});
