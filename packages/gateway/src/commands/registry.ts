import type { Command } from "./command.ts";
import { model } from "./model.ts";
import { newSession } from "./new-session.ts";
import { resend } from "./resend.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";
import { think } from "./think.ts";
import { whoami } from "./whoami.ts";

const help: Command = {
  name: "help",
  aliases: ["commands", "start"],
  description: "What I understand.",
  run: () => ({
    reply: ["Write to me as to a person. Commands:", ...commands.map(({ name, args, description }) => `/${name}${args ? ` ${args}` : ""} · ${description}`)].join("\n"),
  }),
};

/** Every chat command, in the order help shows them. */
export const commands: readonly Command[] = [help, newSession, status, stop, model, think, whoami, resend];

/** The command a message begins with, and what follows it. `/name:`, `/name@bot` and any case are accepted. */
export function parseCommand(text: string): { command: Command; args: string } | undefined {
  const match = /^\/([a-z0-9_]+)(?:@\w+)?:?(?:\s+([\s\S]*))?$/i.exec(text.trim());
  const name = match?.[1]?.toLowerCase();
  const command = commands.find((entry) => entry.name === name || entry.aliases?.includes(name ?? ""));
  return command && { command, args: match?.[2]?.trim() ?? "" };
}
