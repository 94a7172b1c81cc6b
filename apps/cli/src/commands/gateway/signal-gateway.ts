import { OpenClawError } from "@openclaw/core";

/** Sends a signal; a process that has ended meanwhile is no failure, one of another user is. */
export function signalGateway(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return;
    throw new OpenClawError({
      code: "GATEWAY_NOT_YOURS",
      message: `The gateway (pid ${pid}) belongs to another user and cannot be stopped from here.`,
      hint: "Stop it as the user who started it.",
      cause: error,
    });
  }
}
