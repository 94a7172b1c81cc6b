import { spawn } from "node:child_process";
import { connect } from "node:net";
import type { Command, CommandContext } from "../command-line/command.ts";
import { commandPrefix } from "../command-line/command-prefix.ts";
import { dashboardUrl } from "../installation/dashboard-url.ts";
import { loadInstallation } from "../installation/installation.ts";

interface Options {
  open: boolean;
  print?: boolean;
}

const ASK_MS = 500;

export const command: Command<Options> = {
  describe: "Print the dashboard's link, which signs a browser in, and open it where there is one",
  options: (yargs) =>
    yargs
      .option("open", { type: "boolean", default: true, describe: "Open a browser (--no-open: only print the link)" })
      .option("print", { type: "boolean", describe: "Same as --no-open" }),
  async run({ open, print = false }, context) {
    const { loaded, paths } = await loadInstallation(context);
    const { terminal, json } = context;
    const port = Number(loaded.env.OPENCLAW_GATEWAY_PORT) || loaded.authored.gateway?.port || paths.defaultPort;
    const remote = loaded.authored.gateway?.mode === "remote" ? loaded.authored.gateway.remote?.url : undefined;
    const url = remote ? remote.replace(/^ws/, "http") : dashboardUrl(loaded.authored.gateway, loaded.env, { port });
    const running = remote ? undefined : await listens(port);
    if (json) return terminal.json({ url, ...(running === undefined ? {} : { running }) });
    terminal.out(url);
    if (running === false)
      terminal.err(`No gateway answers there yet. Start it with: ${commandPrefix(context)} gateway`);
    else if (open && !print && canOpen(context)) openBrowser(url);
    if (url.includes("#token=")) terminal.err("The link holds your token: whoever has it is signed in.");
  },
};

/** A person at a machine with a screen; over SSH the browser would open in the wrong place. */
function canOpen({ terminal, env }: CommandContext): boolean {
  if (!terminal.interactive || env.SSH_CONNECTION || env.CI) return false;
  return process.platform === "darwin" || process.platform === "win32" || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

function openBrowser(url: string): void {
  const [program, ...args] =
    process.platform === "darwin"
      ? ["open"]
      : process.platform === "win32"
        ? ["rundll32", "url.dll,FileProtocolHandler"]
        : ["xdg-open"];
  const child = spawn(program, [...args, url], { stdio: "ignore", detached: true });
  // The link is printed; a missing opener is no failure.
  child.on("error", () => {});
  child.unref();
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: ASK_MS });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
    socket.once("timeout", () => done(false));
  });
}
