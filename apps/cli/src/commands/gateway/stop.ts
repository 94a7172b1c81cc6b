import { systemClock, OpenClawError } from "@openclaw/core";
import { instanceOwner } from "@openclaw/gateway/installation";
import type { Command } from "../../command-line/command.ts";
import { installationPaths } from "../../installation/installation.ts";
import { duration } from "../../output/time.ts";
import { signalGateway } from "./signal-gateway.ts";

interface Options {
  timeout: number;
  force?: boolean;
}

const POLL_MS = 50;

export const command: Command<Options> = {
  describe: "Stop this installation's gateway; running answers may finish first",
  options: (yargs) =>
    yargs
      .option("timeout", { type: "number", default: 20_000, describe: "Milliseconds to wait for its end" })
      .option("force", {
        type: "boolean",
        describe: "Kill it when it has not ended by then; it resumes its work when it starts again",
      }),
  async run({ timeout, force }, context) {
    const { lockPath, configPath } = installationPaths(context);
    const owner = instanceOwner(lockPath);
    if (!owner) {
      if (context.json) context.terminal.json({ ok: true, stopped: false });
      else context.terminal.out(`No gateway is running with ${configPath}.`);
      return 0;
    }
    const { pid } = owner;
    const startedAt = systemClock.now();
    signalGateway(pid, "SIGTERM");
    let how = "SIGTERM";
    if (!(await gone(lockPath, pid, timeout))) {
      if (!force) {
        throw new OpenClawError({
          code: "GATEWAY_STILL_RUNNING",
          message: `The gateway (pid ${pid}) was asked to stop but still runs after ${duration(timeout)}.`,
          hint: "It may be finishing an answer: look at openclaw logs, wait longer with --timeout, or add --force.",
          details: { pid },
        });
      }
      signalGateway(pid, "SIGKILL");
      how = "SIGKILL";
      await gone(lockPath, pid, timeout);
    }
    const tookMs = systemClock.now() - startedAt;
    if (context.json) context.terminal.json({ ok: true, stopped: true, pid, signal: how, tookMs });
    else
      context.terminal.out(
        `The gateway (pid ${pid}) ${how === "SIGKILL" ? "was killed" : "stopped"} after ${(tookMs / 1000).toFixed(1)} s.`,
      );
    return 0;
  },
};

async function gone(lockPath: string, pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = systemClock.now() + timeoutMs;
  while (systemClock.now() < deadline) {
    if (!alive(pid) || instanceOwner(lockPath)?.pid !== pid) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return !alive(pid);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
