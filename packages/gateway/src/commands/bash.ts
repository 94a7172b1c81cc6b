import { mayElevate } from "./access/may-elevate.ts";
import type { Command } from "./command.ts";
import { hostShell } from "./host-shell.ts";

const FOREGROUND_MS = 2_000;
const LONGEST_FOREGROUND_MS = 30_000;
const DEFAULT_TIMEOUT_S = 1_800;
/** A chat is no place for more; the end says how it went. */
const SHOWN_CHARS = 3_000;

export const bash: Command = {
  name: "bash",
  aliases: ["!"],
  args: "<command> | poll | stop",
  description: "Run a command on the gateway's machine; also written !command.",
  section: "Administration",
  enabled: ({ commands }) => commands?.bash === true,
  switch: "commands.bash",
  async run(args, input, context) {
    const refused = mayElevate(input, context);
    if (refused) return { reply: refused };
    const shell = hostShell(context);
    const { job } = shell;
    if (args === "poll" || args === "") return { reply: job ? report(job) : "No command was run." };
    if (args === "stop") {
      if (!job || job.exit) return { reply: "Nothing is running." };
      job.kill("killed");
      await job.done;
      return { reply: `Stopped.\n${report(job)}` };
    }
    if (job && !job.exit) return { reply: `${job.command} still runs. !poll shows it, !stop ends it.` };
    const { config, agents, sessions, clock, log } = context;
    const { dir: cwd } = await (await agents.get(sessions.agentOf(input.sessionKey))).prepareWorkspace();
    const timeoutMs = (config().tools?.exec?.timeoutSec ?? DEFAULT_TIMEOUT_S) * 1_000;
    log.warn(`host command asked for by ${input.channel} sender ${input.senderId}`, { command: args });
    const started = await shell.start(args, { sessionKey: input.sessionKey, cwd, timeoutMs });
    const waitMs = Math.min(LONGEST_FOREGROUND_MS, config().commands?.bashForegroundMs ?? FOREGROUND_MS);
    if (waitMs > 0) await Promise.race([started.done, clock.sleep(waitMs)]);
    return { reply: report(started) };
  },
};

type Reported = Pick<NonNullable<ReturnType<typeof hostShell>["job"]>, "exit" | "output" | "command">;

function report({ exit, output, command }: Reported): string {
  const text = output().trimEnd();
  const shown = text.length > SHOWN_CHARS ? `…${text.slice(-SHOWN_CHARS)}` : text;
  const fence = "`".repeat(Math.max(3, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  const state = exit
    ? `exit code ${exit.code ?? exit.reason}`
    : `${command} still runs. !poll shows more, !stop ends it.`;
  return shown === "" ? state : `${fence}\n${shown}\n${fence}\n${state}`;
}
