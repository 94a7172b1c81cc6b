import { anything, choice, flag, map, section, strings, text } from "./dsl.ts";

export const plugins = section("Plugins. Changes restart the gateway.", {
  enabled: flag("Load plugins at all.", { default: true }),
  allow: strings("Only these plugins."),
  deny: strings("Never these; wins over allow."),
  load: section("Where plugins come from.", { paths: strings("Further files or directories, absolute or with ~.") }),
  slots: section("Which plugin fills a role.", { memory: text("Memory plugin, or none.", { default: "memory-core" }) }),
  entries: map(
    "Settings by plugin.",
    section("One plugin.", {
      enabled: flag("False switches it off."),
      config: map("The plugin's own settings, checked against its manifest.", anything("Value.")),
    }),
    { key: "plugin" },
  ),
  installs: map(
    "Written by plugins install.",
    section("One installation.", {
      source: choice(["npm", "archive", "path", "git"], "Kind of source."),
      spec: text("Package and version."),
      sourcePath: text("File or directory it came from."),
      installPath: text("Where it is."),
      version: text("Version."),
      installedAt: text("ISO time."),
    }),
    { key: "plugin", advanced: true },
  ),
});
