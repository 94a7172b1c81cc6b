import type { Command, CommandIndex, Shortcut } from "./command.ts";
import { line } from "./help-line.ts";

/** A page fills a phone's screen without scrolling. */
const PAGE = 8;
const sections: readonly Command["section"][] = [
  "Conversation",
  "Model and answers",
  "This chat",
  "Information",
  "Administration",
];

export const createCommandList = (index: CommandIndex): Shortcut => ({
  name: "commands",
  args: "[page]",
  description: "Every command.",
  section: "Information",
  shortcut: true,
  run(args, { channel }, { config }) {
    const all = sections.flatMap((section) =>
      index.available(config()).filter((command) => command.section === section),
    );
    const pages = Math.max(1, Math.ceil(all.length / PAGE));
    // The dashboard and the terminal scroll.
    if (channel === "webchat") return { reply: withSections(all).join("\n") };
    const page = Math.min(pages, Math.max(1, Number.parseInt(args, 10) || 1));
    const next = page < pages ? [`More: /commands ${page + 1}`] : [];
    return {
      reply: [`Commands (${page}/${pages})`, ...withSections(all.slice((page - 1) * PAGE, page * PAGE)), ...next].join(
        "\n",
      ),
    };
  },
});

function withSections(commands: readonly Command[]): string[] {
  return commands.flatMap((command, index) =>
    command.section === commands[index - 1]?.section ? [line(command)] : [`**${command.section}**`, line(command)],
  );
}
