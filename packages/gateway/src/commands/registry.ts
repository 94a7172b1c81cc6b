import { activation } from "./activation.ts";
import { allowlist } from "./allowlist.ts";
import { approve } from "./approve.ts";
import { bash } from "./bash.ts";
import type { Command, CommandIndex } from "./command.ts";
import { compact } from "./compact.ts";
import { configCommand } from "./config.ts";
import { contextCommand } from "./context.ts";
import { debug } from "./debug.ts";
import { createDock } from "./dock.ts";
import { elevated } from "./elevated.ts";
import { exec } from "./exec.ts";
import { createHelp } from "./help.ts";
import { createCommandList } from "./list-commands.ts";
import { model } from "./model.ts";
import { models } from "./models.ts";
import { newSession } from "./new-session.ts";
import { queue } from "./queue.ts";
import { reasoning } from "./reasoning.ts";
import { resend } from "./resend.ts";
import { restart } from "./restart.ts";
import { sendPolicy } from "./send-policy.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";
import { subagents } from "./subagents.ts";
import { think } from "./think.ts";
import { usage } from "./usage.ts";
import { verbose } from "./verbose.ts";
import { whoami } from "./whoami.ts";

const index: CommandIndex = {
  find: (name) => byName.get(name.toLowerCase()),
  available: (config) => commands.filter(({ enabled }) => enabled?.(config) ?? true),
};

/** In the order menus show them. */
const commands: readonly Command[] = [
  createHelp(index),
  newSession,
  stop,
  compact,
  status,
  model,
  models,
  think,
  usage,
  whoami,
  createCommandList(index),
  contextCommand,
  verbose,
  reasoning,
  queue,
  activation,
  sendPolicy,
  createDock("telegram", "Telegram"),
  createDock("discord", "Discord"),
  createDock("slack", "Slack"),
  resend,
  subagents,
  approve,
  elevated,
  exec,
  allowlist,
  configCommand,
  debug,
  bash,
  restart,
];
const byName: ReadonlyMap<string, Command> = new Map(
  commands.flatMap((command) => [command.name, ...(command.aliases ?? [])].map((word) => [word, command] as const)),
);

/** Every chat command. */
export const commandIndex: CommandIndex = index;
