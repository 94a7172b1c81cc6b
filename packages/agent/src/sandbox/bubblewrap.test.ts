import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import { createFakeClock } from "@openclaw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runHost } from "./run-host.ts";
import { createSandboxes } from "./sandboxes.ts";
import { readSandboxSettings } from "./settings.ts";
import type { InsideCommand, Sandbox } from "./types.ts";

const missing = spawnSync("bwrap", ["--version"]).status !== 0;
const here = missing ? describe.skip : describe;
if (missing) console.warn("bubblewrap is not installed (apt-get install bubblewrap): its sandbox tests are skipped.");

let stateDir: string;
let workspace: string;
const clock = createFakeClock();
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "sandbox-"));
  workspace = join(stateDir, "workspace");
  mkdirSync(workspace);
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

function sandboxes(sandbox: object = {}, env: Record<string, string> = {}) {
  const config = { agents: { defaults: { sandbox: { mode: "all", backend: "bubblewrap", ...sandbox } } } } as never;
  return createSandboxes({
    settings: readSandboxSettings({ agentId: "main", config, stateDir, env }),
    agentId: "main",
    workspace,
    mainSessionKeys: ["agent:main:main"],
    stateDir,
    env,
    clock,
    log: silentLog,
  });
}

async function open(sandbox: object = {}, sessionKey = "agent:main:main"): Promise<Sandbox> {
  const opened = await sandboxes(sandbox).open(sessionKey);
  if (!opened) throw new Error("the session is not sandboxed");
  return opened;
}

async function sh(sandbox: Sandbox, script: string, rest: Partial<InsideCommand> = {}) {
  const inside = { argv: ["/bin/sh", "-c", script], cwd: "/workspace", env: {}, ...rest };
  const { code, stdout, stderr } = await runHost(sandbox.wrap(inside));
  return { code, out: stdout.toString().trim(), stderr };
}

here("bubblewrap", () => {
  test("a command has its own user, processes, host name and environment", async () => {
    process.env["OPENCLAW_TEST_CANARY"] = "not for the sandbox";
    const sandbox = await open({ docker: { env: { COLOUR: "blue" } } });
    const { out } = await sh(sandbox, 'id -u; id -un; hostname; pwd; echo "$HOME $COLOUR $MINE"', {
      env: { MINE: "1" },
    });
    expect(out.split("\n")).toEqual(["1000", "sandbox", "sandbox", "/workspace", "/workspace blue 1"]);
    const environments = await sh(sandbox, "cat /proc/*/environ | tr '\\0' '\\n'; ls /proc | grep -c '^[0-9]'");
    expect(environments.out).not.toContain("not for the sandbox");
    expect(Number(environments.out.split("\n").at(-1))).toBeLessThan(8);
    delete process.env["OPENCLAW_TEST_CANARY"];
  });

  test("no path leads to the host's files", async () => {
    const secret = join(stateDir, "secret.txt");
    writeFileSync(secret, "canary", { mode: 0o644 });
    const sandbox = await open({ workspaceAccess: "rw" });
    symlinkSync(secret, join(workspace, "link"));
    symlinkSync("/", join(workspace, "root"));
    const ways = [
      secret,
      `/workspace/../..${secret}`,
      `/proc/self/root${secret}`,
      `/proc/1/root${secret}`,
      `/proc/self/cwd/../..${secret}`,
      "link",
      `root${secret}`,
    ];
    for (const way of ways) {
      const { code, out } = await sh(sandbox, 'cat "$P"', { env: { P: way } });
      expect({ way, code, out }).toEqual({ way, code: 1, out: "" });
    }
    expect((await sh(sandbox, "cat /etc/shadow; ls /root /home /var/lib")).out).toBe("");
  });

  test("the root is read-only, the workspace is not, and directories in memory start empty", async () => {
    const sandbox = await open();
    const { out } = await sh(
      sandbox,
      "for d in / /usr /etc /proc/sys/kernel /workspace /tmp /run; do (echo x >$d/new) 2>/dev/null && echo $d; done; true",
    );
    expect(out.split("\n")).toEqual(["/workspace", "/tmp", "/run"]);
    expect((await sh(sandbox, "ls /tmp; cat /workspace/new")).out).toBe("x");
    expect(existsSync(join(workspace, "new"))).toBe(false);
  });

  test("the network is closed, also to the host's loopback", async () => {
    const server = createServer((_request, response) => response.end("reached"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const script = `exec 3<>/dev/tcp/127.0.0.1/${port} && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && tail -n1 <&3`;
    const ask = { argv: ["/bin/bash", "-c", script] };
    expect((await sh(await open(), "", ask)).out).toBe("");
    expect((await sh(await open({ docker: { network: "host" } }), "", ask)).out).toBe("reached");
    server.close();
  });

  test("workspaceAccess decides what it sees of the agent's workspace", async () => {
    writeFileSync(join(workspace, "notes.md"), "mine\n");
    const none = await open();
    expect((await sh(none, "ls /workspace /agent")).out).toBe("/workspace:");
    const ro = await open({ workspaceAccess: "ro" });
    expect((await sh(ro, "cat /agent/notes.md; echo x >/agent/notes.md || echo refused")).out).toBe("mine\nrefused");
    expect((await sh(ro, "echo own >/workspace/own && cat own")).out).toBe("own");
    const rw = await open({ workspaceAccess: "rw" });
    await sh(rw, "echo changed >notes.md");
    expect(readFileSync(join(workspace, "notes.md"), "utf8")).toBe("changed\n");
  });

  test("scope decides who shares a workspace, and workspaceRoot where it is", async () => {
    const root = join(stateDir, "elsewhere");
    const of = async (scope: string, key: string) => (await open({ scope, workspaceRoot: root }, key)).mounts[0]?.host;
    expect(await of("agent", "agent:main:a")).toBe(await of("agent", "agent:main:b"));
    expect(await of("session", "agent:main:a")).not.toBe(await of("session", "agent:main:b"));
    expect(await of("session", "agent:main:a")).toMatch(new RegExp(`^${root}/agent-main-a-[0-9a-f]{8}$`));
    expect(await of("shared", "agent:main:a")).toMatch(new RegExp(`^${root}/shared-[0-9a-f]{8}$`));
  });

  test("limits hold: memory, open files, processors", async () => {
    const sandbox = await open({
      docker: { memory: "64m", cpus: 1, ulimits: { nofile: { soft: 50, hard: 60 } }, pidsLimit: 77 },
    });
    const { out } = await sh(sandbox, "ulimit -n; ulimit -u 2>/dev/null || true; nproc", {
      argv: ["/bin/bash", "-c", "ulimit -n; ulimit -u; nproc"],
    });
    expect(out.split("\n")).toEqual(["50", "77", "1"]);
    const hungry = await sh(sandbox, "head -c 200m /dev/zero | tail -c 190m | wc -c");
    expect(hungry.stderr).toMatch(/memory/);
  });

  test("ending the host's process ends everything inside within 250 ms", async () => {
    const sandbox = await open({ workspaceAccess: "rw" });
    const script =
      "setsid sh -c 'while :; do echo tick >>beat; sleep 0.02; done' & nohup sleep 100 & until [ -s beat ]; do sleep 0.01; done; echo up; wait";
    const { file, args, env } = sandbox.wrap({ argv: ["/bin/sh", "-c", script], cwd: "/workspace", env: {} });
    const child = spawn(file, args, { env, stdio: ["ignore", "pipe", "ignore"] });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const started = performance.now();
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("close", resolve));
    expect(performance.now() - started).toBeLessThan(250);
    const before = readFileSync(join(workspace, "beat"), "utf8");
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(readFileSync(join(workspace, "beat"), "utf8")).toBe(before);
  });

  test("setupCommand runs once, and again when the configuration changed", async () => {
    const docker = { setupCommand: "echo once >>/workspace/log" };
    const count = async (sandbox: Sandbox) => (await sh(sandbox, "wc -l <log")).out;
    await open({ docker });
    expect(await count(await open({ docker }))).toBe("1");
    expect(await count(await open({ docker: { ...docker, env: { A: "1" } } }))).toBe("2");
    await expect(open({ docker: { setupCommand: "echo why >&2; exit 3" } })).rejects.toMatchObject({
      code: "SANDBOX_SETUP",
      message: expect.stringContaining("why") as string,
    });
  });

  test("what is idle or old leaves the registry; its workspace stays", async () => {
    const all = sandboxes({ scope: "session" });
    const first = await all.open("agent:main:first");
    const file = join(stateDir, "sandbox", "containers.json");
    const names = () =>
      (JSON.parse(readFileSync(file, "utf8")) as { entries: { sessionKey: string }[] }).entries.map(
        (e) => e.sessionKey,
      );
    await clock.advance(25 * 3_600_000);
    await all.open("agent:main:second");
    expect(names()).toEqual(["agent:main:second"]);
    expect(existsSync(first!.mounts[0]!.host)).toBe(true);
  });

  test("what bubblewrap cannot do is refused instead of left out", async () => {
    for (const docker of [{ network: "bridge" }, { seccompProfile: "/x.json" }, { apparmorProfile: "x" }]) {
      await expect(open({ docker })).rejects.toMatchObject({ code: "SANDBOX_UNSUPPORTED" });
    }
    await expect(open({ docker: { binds: ["relative:/x"] } })).rejects.toMatchObject({ code: "SANDBOX_BIND" });
  });

  test("a mount that opens the host is found by the self-test, and nothing runs", async () => {
    const found = {
      code: "SANDBOX_SELF_TEST",
      message: expect.stringContaining("a file of the host can be read") as string,
    };
    await expect(open({ docker: { binds: [`${stateDir}:${stateDir}:ro`] } })).rejects.toMatchObject(found);
    await expect(open({ docker: { binds: ["/:/host:ro"] } })).rejects.toMatchObject(found);
    // The state directory lies in the workspace, with every credential.
    workspace = stateDir;
    await expect(open({ workspaceAccess: "rw" })).rejects.toMatchObject(found);
    expect((await open({ workspaceAccess: "none" })).backend).toBe("bubblewrap");
  });

  test("non-main spares the owner's own session", async () => {
    const all = sandboxes({ mode: "non-main" });
    expect(await all.open("agent:main:main")).toBeUndefined();
    expect((await all.open("agent:main:telegram:group:1"))?.backend).toBe("bubblewrap");
    expect(await sandboxes({ mode: "off" }).open("agent:main:x")).toBeUndefined();
  });
});
