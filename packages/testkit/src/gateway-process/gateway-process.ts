import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_MS = 30_000;

export interface GatewayProcessOptions {
  /** Program and arguments that run the `openclaw` command line; the command's own words are added. */
  command: readonly string[];
  /** Merged over a local gateway with a token. */
  config?: Record<string, unknown>;
  env?: Record<string, string>;
}

/** The gateway as users run it: a child process of the command line, with a state directory of its own. */
export interface GatewayProcess {
  readonly stateDir: string;
  readonly port: number;
  readonly token: string;
  readonly pid: number;
  /** Everything it wrote to standard error so far. */
  output(): string;
  /** SIGKILL, and the wait for its end. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Starts it again on the same port and state. */
  start(): Promise<void>;
  cli(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** Kills whatever runs and removes the state. */
  dispose(): Promise<void>;
}

export async function startGatewayProcess({
  command,
  config = {},
  env = {},
}: GatewayProcessOptions): Promise<GatewayProcess> {
  const root = mkdtempSync(join(tmpdir(), "openclaw-e2e-"));
  const stateDir = join(root, "state");
  const home = join(root, "home");
  const token = "e2e-token";
  const port = await freePort();
  mkdirSync(stateDir, { mode: 0o700 });
  mkdirSync(home);
  const { gateway: own, ...rest } = config as { gateway?: Record<string, unknown> };
  const gateway = { mode: "local", port, auth: { mode: "token", token }, ...own };
  writeFileSync(join(stateDir, "openclaw.json"), JSON.stringify({ gateway, ...rest }), { mode: 0o600 });
  const childEnv: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: home,
    TMPDIR: root,
    OPENCLAW_STATE_DIR: stateDir,
    OPENCLAW_SKIP_LOCAL_MODELS: "1",
    NO_COLOR: "1",
    ...env,
  };

  let child: ChildProcess | undefined;
  let ended: Promise<number | null> = Promise.resolve(null);
  let output = "";
  const [program = process.execPath, ...prefix] = command;

  async function start(): Promise<void> {
    const from = output.length;
    const started = spawn(program, [...prefix, "gateway", "run"], {
      env: childEnv,
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child = started;
    ended = new Promise((resolve) => started.once("exit", (code) => resolve(code)));
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the gateway did not start:\n${output.slice(from)}`)), START_MS);
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes("OpenClaw is running", from)) {
          clearTimeout(timer);
          resolve();
        }
      };
      started.stderr?.on("data", read);
      started.stdout?.on("data", read);
      started.once("exit", (code) => {
        clearTimeout(timer);
        reject(new Error(`the gateway exited with ${code}:\n${output.slice(from)}`));
      });
    });
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    child?.kill(signal);
    return ended;
  }

  await start();
  return {
    stateDir,
    port,
    token,
    get pid() {
      return child?.pid ?? 0;
    },
    output: () => output,
    start,
    async kill() {
      await end("SIGKILL");
    },
    stop: () => end("SIGTERM"),
    cli: (...args) =>
      new Promise((resolve) => {
        const run = spawn(program, [...prefix, ...args], {
          env: childEnv,
          cwd: root,
          stdio: ["ignore", "pipe", "pipe"],
        });
        let stdout = "";
        let stderr = "";
        run.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
        run.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
        run.once("close", (code) => resolve({ code, stdout, stderr }));
      }),
    async dispose() {
      if (child?.exitCode === null && child.signalCode === null) await end("SIGKILL");
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
