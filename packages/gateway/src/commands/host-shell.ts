import type { ProcessRegistry } from "@openclaw/agent";
import type { GatewayContext } from "../gateway-context.ts";

type Job = Awaited<ReturnType<ProcessRegistry["start"]>>;

/** The one job that people in chats may have on the host (`!` and `/bash`). */
export interface HostShell {
  job?: Job;
  start(command: string, options: { sessionKey: string; cwd: string; timeoutMs: number }): Promise<Job>;
}

const shells = new WeakMap<GatewayContext, HostShell>();

/** The shell of one gateway; made when it is first asked for. */
export function hostShell(context: GatewayContext): HostShell {
  const known = shells.get(context);
  if (known) return known;
  const shell: HostShell = {
    async start(command, { sessionKey, cwd, timeoutMs }) {
      const { childEnv, createProcessRegistry } = await import("@openclaw/agent");
      const registry = createProcessRegistry({ clock: context.clock, cleanupMs: 0 });
      const job = await registry.start({
        file: "/bin/sh",
        args: ["-c", command],
        cwd,
        env: childEnv(process.env),
        command,
        sessionKey,
        owner: "chat",
        timeoutMs,
      });
      shell.job = job;
      return job;
    },
  };
  shells.set(context, shell);
  return shell;
}

/** Ends the job when the gateway stops. */
export function closeHostShell(context: GatewayContext): void {
  const job = shells.get(context)?.job;
  if (job && !job.exit) job.kill("killed");
}
