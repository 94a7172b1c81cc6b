import type { Command, CommandIndex, Shortcut } from "./command.ts";
import { line } from "./help-line.ts";

/** What somebody needs on the first day; `/commands` has all. */
const first = ["new", "stop", "status", "model", "think", "usage", "whoami"];

export const createHelp = (index: CommandIndex): Shortcut => ({
  name: "help",
  aliases: ["start"],
  args: "[command]",
  description: "What I understand.",
  section: "Information",
  shortcut: true,
  run(args, _input, { config }) {
    const command = args === "" ? undefined : index.find(args.replace(/^\//, ""));
    if (command) return { reply: about(command) };
    const known = index.available(config()).filter(({ name }) => first.includes(name));
    return {
      reply: [
        "Write to me as to a person. A few commands help:",
        ...known.map(line),
        "/help <command> explains one, /commands lists all.",
        "While I work, the word stop stops me.",
      ].join("\n"),
    };
  },
});

function about({ name, aliases = [], args, description, ...command }: Command): string {
  return [
    `/${name}${args ? ` ${args}` : ""}`,
    description,
    ...(aliases.length > 0 ? [`Also: ${aliases.map((alias) => `/${alias}`).join(", ")}`] : []),
    ...("read" in command
      ? [
          "Alone it holds for this conversation; inside a message for that message only. /" +
            name +
            " default undoes it.",
        ]
      : []),
    ...(command.ownerOnly ? ["For owners only."] : []),
    ...(command.switch ? [`Needs ${command.switch}: true in the configuration.`] : []),
  ].join("\n");
}
