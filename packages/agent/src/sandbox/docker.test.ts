import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import { createFakeClock, type FakeClock } from "@openclaw/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RunHost } from "./run-host.ts";
import { createSandboxes } from "./sandboxes.ts";
import { readSandboxSettings } from "./settings.ts";

let stateDir: string;
let clock: FakeClock;
/** Command lines that were run, without those that only ask. */
let lines: string[][];
/** Containers by name: the labels they were made with. */
let containers: Map<string, { hash: string; running: boolean }>;
let engines: string[];

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "docker-"));
  clock = createFakeClock();
  lines = [];
  containers = new Map();
  engines = ["docker"];
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

/** Stands in for the engine: keeps containers, and answers the self-test as a confined container does. */
const engine: RunHost = ({ file, args }) => {
  const done = (code: number, stdout = "", stderr = "") =>
    Promise.resolve({ code, stdout: Buffer.from(stdout), stderr });
  const [verb] = args;
  if (verb === "version" || args[0] === "--version") return done(engines.includes(file) ? 0 : 127, "bubblewrap 0.8.0");
  if (verb === "inspect") {
    const found = containers.get(args.at(-1) ?? "");
    return found ? done(0, `${found.running} ${found.hash}\n`) : done(1);
  }
  lines.push([file, ...args]);
  const name = verb === "create" ? (args[2] ?? "") : (args.at(-1) ?? "");
  if (verb === "create") {
    const hash = args.find((arg) => arg.startsWith("openclaw.configHash="))?.slice("openclaw.configHash=".length) ?? "";
    containers.set(name, { hash, running: false });
  }
  const container = containers.get(name);
  if (verb === "start" && container) container.running = true;
  if (verb === "rm") containers.delete(name);
  if (verb === "exec" && args.some((arg) => arg.includes("openclaw-self-test"))) {
    const facts = {
      uid: "1000",
      caps: "0000000000000000",
      privileges: "1",
      canary: "",
      interfaces: "lo ",
      loopback: "closed",
      root: "closed",
      usr: "closed",
      kernel: "closed",
      workspace: "writable",
      end: "end",
    };
    return done(
      0,
      Object.entries(facts)
        .map((fact) => fact.join("="))
        .join("\n"),
    );
  }
  return done(0);
};

function sandboxes(docker: object = {}, rest: object = {}, own: object = {}) {
  const config = {
    agents: {
      defaults: { sandbox: { mode: "all", backend: "docker", docker, ...rest } },
      list: [{ id: "main", sandbox: own }],
    },
  } as never;
  return createSandboxes({
    settings: readSandboxSettings({ agentId: "main", config, stateDir, env: {} }),
    agentId: "main",
    workspace: "/home/me/workspace",
    mainSessionKeys: [],
    stateDir,
    env: { PATH: "/bin", OPENAI_API_KEY: "canary" },
    clock,
    log: silentLog,
    run: engine,
  });
}

const verbs = () => lines.map(([, verb]) => verb);
const KEY = "agent:main:telegram:group:-100";

test("docker create gets every setting, in the documented order", async () => {
  const docker = {
    user: "1000:1000",
    pidsLimit: 256,
    memory: "1g",
    memorySwap: "2g",
    cpus: 1,
    ulimits: { nofile: { soft: 1024, hard: 2048 }, nproc: 256 },
    seccompProfile: "/path/to/seccomp.json",
    apparmorProfile: "openclaw-sandbox",
    dns: ["1.1.1.1", "8.8.8.8"],
    extraHosts: ["internal.service:10.0.0.5"],
    binds: ["/home/user/source:/source:rw"],
  };
  await sandboxes(docker, { scope: "session", workspaceRoot: "/boxes" })
    .open(KEY)
    .catch(() => {});
  const [create] = lines;
  const name = "openclaw-sbx-agent-main-telegram-group--100-" + create?.[3]?.slice(-8);
  expect(create?.map((arg) => arg.replace(/^(openclaw\.configHash=)[0-9a-f]{64}$/, "$1#"))).toEqual(
    [
      ["docker", "create", "--name", name],
      ["--label", "openclaw.sandbox=1", "--label", `openclaw.sessionKey=${KEY}`],
      ["--label", `openclaw.createdAtMs=${clock.now()}`, "--label", "openclaw.configHash=#"],
      ["--read-only", "--tmpfs", "/tmp", "--tmpfs", "/var/tmp", "--tmpfs", "/run", "--network", "none"],
      ["--user", "1000:1000", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
      ["--security-opt", "seccomp=/path/to/seccomp.json", "--security-opt", "apparmor=openclaw-sandbox"],
      ["--dns", "1.1.1.1", "--dns", "8.8.8.8", "--add-host", "internal.service:10.0.0.5"],
      ["--pids-limit", "256", "--memory", "1g", "--memory-swap", "2g", "--cpus", "1"],
      ["--ulimit", "nofile=1024:2048", "--ulimit", "nproc=256:256", "-v", "/home/user/source:/source:rw"],
      ["--workdir", "/workspace", "-v", `/boxes/${name.slice("openclaw-sbx-".length)}:/workspace`],
      ["openclaw-sandbox:bookworm-slim", "sleep", "infinity"],
    ].flat(),
  );
});

test("a container is made, started, proved and set up once; then it is used", async () => {
  const all = sandboxes({ setupCommand: "echo hi", env: { LANG: "C" } });
  const sandbox = await all.open(KEY);
  expect(verbs()).toEqual(["create", "start", "exec", "exec"]);
  expect(lines[3]?.slice(-3)).toEqual(["/bin/sh", "-lc", "echo hi"]);
  lines = [];
  await all.open(KEY);
  expect(lines).toEqual([]);
  const inside = { argv: ["ls", "-l"], cwd: "/workspace/a", env: { A: "1" }, terminal: true, jobId: "j1" };
  const name = [...containers.keys()][0];
  expect(sandbox?.wrap(inside)).toEqual({
    file: "docker",
    args: [
      "exec",
      "-it",
      "--workdir",
      "/workspace/a",
      "--env",
      "LANG=C",
      "--env",
      "A=1",
      "--env",
      "OPENCLAW_JOB=j1",
      name,
      "ls",
      "-l",
    ],
    env: { PATH: "/bin" },
  });
  expect(sandbox?.killer("j1")?.args.slice(0, 4)).toEqual(["exec", name, "/bin/sh", "-c"]);
});

test("a changed configuration makes a new container, but not under somebody's hands", async () => {
  await sandboxes().open(KEY);
  lines = [];
  await sandboxes({ memory: "1g" }).open(KEY);
  expect(verbs()).toEqual(["exec"]);
  await clock.advance(6 * 60_000);
  lines = [];
  await sandboxes({ memory: "1g" }).open(KEY);
  expect(verbs()).toEqual(["rm", "create", "start", "exec"]);
});

test("idle containers are removed, at most every five minutes", async () => {
  const all = sandboxes({}, { scope: "session", prune: { idleHours: 1, maxAgeDays: 0 } });
  await all.open("agent:main:one");
  await clock.advance(2 * 3_600_000);
  lines = [];
  await all.open("agent:main:two");
  expect(lines[0]?.slice(0, 3)).toEqual(["docker", "rm", "-f"]);
  expect(containers.size).toBe(1);
});

test("Podman takes Docker's place; without either the turn is refused", async () => {
  engines = ["podman"];
  await sandboxes().open(KEY);
  expect(lines[0]?.[0]).toBe("podman");
  engines = [];
  await expect(sandboxes().open(KEY)).rejects.toMatchObject({ code: "SANDBOX_UNAVAILABLE" });
  engines = ["bwrap"];
  await expect(sandboxes({}, { backend: "auto" }).open(KEY)).rejects.toMatchObject({
    code: "SANDBOX_SELF_TEST",
    message: expect.stringContaining("bubblewrap") as string,
  });
});

test("an agent's own settings go over the shared ones, unless the sandbox is shared", async () => {
  const own = { docker: { image: "own", binds: ["/b:/b"] } };
  await sandboxes({ binds: ["/a:/a"] }, {}, own).open(KEY);
  expect(lines[0]).toEqual(expect.arrayContaining(["own", "/a:/a", "/b:/b"]));
  lines = [];
  await sandboxes({ binds: ["/a:/a"] }, { scope: "shared" }, own).open(KEY);
  expect(lines[0]).not.toContain("own");
  expect(lines[0]).not.toContain("/b:/b");
});

test("ending a job in a container ends everything that carries its mark, whatever session it moved to", async () => {
  const sandbox = await sandboxes().open(KEY);
  const jobId = crypto.randomUUID();
  const script = sandbox?.killer(jobId)?.args.slice(2) ?? [];
  const start = (mark: string) =>
    spawn("/bin/sh", ["-c", "setsid sleep 30 & sleep 30"], {
      env: { PATH: "/usr/bin:/bin", OPENCLAW_JOB: mark },
      detached: true,
    });
  const [marked, other] = [start(jobId), start(`${jobId}-other`)];
  const ended = new Promise((resolve) => marked.once("close", resolve));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(spawnSync(script[0] ?? "", script.slice(1)).status).toBe(0);
  // `close` waits for the output of every child, the one in its own session included.
  await ended;
  expect(other.exitCode).toBeNull();
  const rest = sandbox?.killer(`${jobId}-other`)?.args.slice(2) ?? [];
  spawnSync(rest[0] ?? "", rest.slice(1));
});
