import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command, compileCache } from "./gateway-process.ts";

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command line of a machine on which no gateway runs, with a home and a state directory of its own. */
export interface Cli {
  readonly root: string;
  readonly home: string;
  readonly stateDir: string;
  readonly configPath: string;
  run(
    args: readonly string[],
    options?: { input?: string; env?: Record<string, string | undefined> },
  ): Promise<Outcome>;
  writeConfig(text: string): void;
  readConfig(): string;
  dispose(): void;
}

export function createCli(): Cli {
  const root = mkdtempSync(join(tmpdir(), "openclaw-cli-"));
  const home = join(root, "home");
  const stateDir = join(root, "state");
  const configPath = join(stateDir, "openclaw.json");
  mkdirSync(home);
  mkdirSync(stateDir, { mode: 0o700 });
  const base: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: home,
    TMPDIR: root,
    OPENCLAW_STATE_DIR: stateDir,
    OPENCLAW_SKIP_LOCAL_MODELS: "1",
    NO_COLOR: "1",
    ...compileCache,
  };
  const [program = process.execPath, ...prefix] = command;
  return {
    root,
    home,
    stateDir,
    configPath,
    run: (args, { input, env = {} } = {}) =>
      new Promise((resolve) => {
        const child = spawn(program, [...prefix, ...args], {
          env: { ...base, ...env },
          cwd: root,
          stdio: ["pipe", "pipe", "pipe"],
        });
        let stdout = "";
        let stderr = "";
        child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
        child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
        child.once("close", (code) => resolve({ code, stdout, stderr }));
        child.stdin.on("error", () => {});
        child.stdin.end(input ?? "");
      }),
    writeConfig: (text) => writeFileSync(configPath, text, { mode: 0o600 }),
    readConfig: () => readFileSync(configPath, "utf8"),
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}
