import { choice, flag, path, section, strings } from "./dsl.ts";

const levels = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;

export const logging = section("Log file and console output.", {
  level: choice(levels, "Least severe level written to the log file. The variable OPENCLAW_LOG_LEVEL overrides it.", {
    default: "info",
  }),
  file: path("Log file. When set, files are not rolled by day.", { placeholder: "/tmp/openclaw/openclaw.log" }),
  consoleLevel: choice(levels, "Least severe level shown on the console; --verbose makes it debug.", {
    default: "info",
  }),
  consoleStyle: choice(["pretty", "compact", "json"], "How console lines look.", { default: "pretty" }),
  redactSensitive: choice(["off", "tools"], "Mask secrets in tool summaries.", { default: "tools" }),
  redactPatterns: strings(
    "Regular expressions, bare or as /pattern/flags, whose matches are masked. Replaces the built-in list.",
    { advanced: true },
  ),
  modelPayloads: flag("Write whole model requests and answers to the state directory's logs. They hold private text.", {
    default: false,
    advanced: true,
  }),
});
