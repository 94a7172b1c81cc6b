interface Command {
  name: string;
  hint: string;
}

/** Commands the composer suggests; the gateway knows more and `/help` lists them. */
const commands: readonly Command[] = [
  { name: "/new", hint: "Start over with an empty conversation" },
  { name: "/stop", hint: "Stop the answer that is being written" },
  { name: "/status", hint: "Show model, context and session" },
  { name: "/help", hint: "List all commands" },
];

/** Commands that begin with what was typed; none once there is a space or a line break. */
export function suggest(text: string): Command[] {
  return /^\/\w*$/.test(text) ? commands.filter(({ name }) => name.startsWith(text.toLowerCase())) : [];
}
