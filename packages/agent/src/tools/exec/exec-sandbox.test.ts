import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import type { Tool, ToolContext } from "@openclaw/plugin-sdk/tool";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createExecRig, type ExecRig, type ExecRigOptions } from "../../../test/exec-rig.ts";
import { createApplyPatchTool } from "../apply-patch/apply-patch.ts";
import { createEditTool } from "../edit.ts";
import { createReadTool } from "../read.ts";
import { createWriteTool } from "../write.ts";

const missing = spawnSync("bwrap", ["--version"]).status !== 0;
const here = missing ? describe.skip : describe;
if (missing)
  console.warn("bubblewrap is not installed (apt-get install bubblewrap): tools in the sandbox are not tested.");

/** Two lines, so that the one a caller guesses can be told from the one that was read. */
const SECRET = "canary\nread from outside\n";

let root: string;
let outside: string;
let workspace: string;
let rig: ExecRig;
const KEY = "agent:main:telegram:group:1";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "boxed-"));
  outside = mkdtempSync(join(tmpdir(), "outside-"));
  writeFileSync(join(outside, "secret.txt"), SECRET);
  workspace = join(root, "workspace");
  mkdirSync(workspace);
});
afterEach(() => {
  rig?.registry.close();
  for (const directory of [root, outside]) rmSync(directory, { recursive: true, force: true });
});

async function enter(sandbox: object = {}, rest: Partial<ExecRigOptions> = {}): Promise<void> {
  const config = {
    agents: { defaults: { sandbox: { mode: "all", backend: "bubblewrap", workspaceAccess: "rw", ...sandbox } } },
  };
  rig = createExecRig({ stateDir: root, workspace, config, ...rest });
  await rig.places.enter(KEY);
}

async function call<Params>(tool: Tool<Params>, params: Params, rest: Partial<ToolContext> = {}): Promise<string> {
  const signal = new AbortController().signal;
  const context = {
    toolCallId: "c",
    agentId: "main",
    sessionKey: KEY,
    workspace,
    signal,
    update() {},
    log: silentLog,
    ...rest,
  };
  const { content } = await tool.execute(params, context);
  return content.map((part) => (part.type === "text" ? part.text : part.mimeType)).join("\n");
}

const files = () => {
  const filesOf = (sessionKey: string) => rig.places.of(sessionKey).files;
  return {
    read: createReadTool(filesOf),
    write: createWriteTool(filesOf),
    edit: createEditTool(filesOf),
    patch: createApplyPatchTool(filesOf),
  };
};

here("tools in the sandbox", () => {
  test("commands and file tools see the same files", async () => {
    await enter();
    const { read, write, edit, patch } = files();
    expect(await call(rig.exec, { command: "pwd; id -u; echo made >by-exec" })).toBe("/workspace\n1000");
    expect(await call(read, { path: "by-exec" })).toBe("made");
    await call(write, { path: "deep/er/by-write.txt", content: "one\ntwo\n" });
    await call(edit, { path: "/workspace/deep/er/by-write.txt", old_text: "two", new_text: "2" });
    const lines = ["*** Begin Patch", "*** Update File: deep/er/by-write.txt", "-one", "+1", "*** End Patch"];
    await call(patch, { input: lines.join("\n") });
    expect(await call(rig.exec, { command: "cat by-write.txt", workdir: "deep/er" })).toBe("1\n2");
    expect(await call(read, { path: join(workspace, "deep/er/by-write.txt") })).toBe("1\n2");
    expect(readFileSync(join(workspace, "deep/er/by-write.txt"), "utf8")).toBe("1\n2\n");
  });

  test("no path parameter of any tool reaches a file outside", async () => {
    await enter();
    const { read, write, edit, patch } = files();
    const secret = join(outside, "secret.txt");
    symlinkSync(secret, join(workspace, "link"));
    symlinkSync(outside, join(workspace, "dir"));
    symlinkSync("/", join(workspace, "top"));
    symlinkSync("link", join(workspace, "link-to-link"));
    const paths = [
      secret,
      `../..${secret}`,
      `/workspace/../..${secret}`,
      `/proc/self/root${secret}`,
      `/proc/1/root${secret}`,
      `/proc/self/cwd/../..${secret}`,
      "link",
      "link-to-link",
      "./dir/secret.txt",
      "/workspace/dir/../dir/secret.txt",
      `top${secret}`,
      `top/proc/self/root${secret}`,
      `~/../..${secret}`,
      `file://${secret}`,
      `//${secret}`,
      `${secret}\u0000.txt`,
    ];
    for (const path of paths) {
      const shell = `'${path.replaceAll("\u0000", "")}'`;
      const attempts: [string, Promise<string>][] = [
        ["read", call(read, { path })],
        ["edit", call(edit, { path, old_text: "canary", new_text: "changed" })],
        ["exec", call(rig.exec, { command: `cat ${shell}` })],
        ["workdir", call(rig.exec, { command: "cat secret.txt", workdir: path.replace(/\/secret\.txt$/, "") })],
        [
          "patch",
          call(patch, { input: `*** Begin Patch\n*** Update File: ${path}\n-canary\n+changed\n*** End Patch` }),
        ],
        ["delete", call(patch, { input: `*** Begin Patch\n*** Delete File: ${path}\n*** End Patch` })],
        ["write", call(write, { path, content: "changed" })],
        ["exec write", call(rig.exec, { command: `echo changed > ${shell}` })],
      ];
      const results = attempts.map(async ([name, attempt]) => [
        name,
        await attempt.catch((error: Error) => error.message),
      ]);
      for (const [name, result] of await Promise.all(results))
        expect(result, `${name} ${path}`).not.toContain("read from outside");
      expect(readFileSync(secret, "utf8"), path).toBe(SECRET);
    }
    expect(existsSync(join(outside, "secret.txt"))).toBe(true);
  });

  test("a link that a command swaps between check and use leads nowhere", async () => {
    await enter();
    const { read } = files();
    writeFileSync(join(workspace, "bait"), "harmless");
    const race =
      "while :; do ln -sfn " +
      join(outside, "secret.txt") +
      " x; mv -T x bait; cp /etc/hostname y 2>/dev/null; echo harmless >y; mv -T y bait; done";
    await call(rig.exec, { command: race, background: true });
    for (let turn = 0; turn < 12; turn++) {
      expect(await call(read, { path: "bait" }).catch((error: Error) => error.message)).not.toContain("canary");
    }
  });

  test("a write through a link that leads out is refused instead of lost", async () => {
    await enter();
    symlinkSync("/tmp/lost", join(workspace, "out"));
    await expect(call(files().write, { path: "out", content: "x" })).rejects.toThrow(/permission denied/);
    writeFileSync(join(workspace, "real"), "old");
    symlinkSync("real", join(workspace, "in"));
    await call(files().write, { path: "in", content: "new" });
    expect(readFileSync(join(workspace, "real"), "utf8")).toBe("new");
  });

  test("a hard limit: what is not mounted cannot be written, and the error says where to write", async () => {
    await enter();
    const { write } = files();
    await expect(call(write, { path: "/etc/passwd", content: "x" })).rejects.toMatchObject({
      code: "PATH_OUTSIDE_SANDBOX",
      hint: "Use a path under /workspace.",
    });
    await enter({ workspaceAccess: "ro" });
    await expect(call(files().write, { path: "/agent/x", content: "x" })).rejects.toThrow(/read-only/);
    expect(existsSync(join(workspace, "x"))).toBe(false);
  });

  test("a terminal, the background and its keys work inside", async () => {
    await enter();
    const text = await call(rig.exec, {
      command: "test -t 0 && id -u; read line; echo got $line",
      pty: true,
      yieldMs: 400,
    });
    expect(text).toContain("1000");
    const sessionId = /as (\S+)\. Use process/.exec(text)?.[1];
    await call(rig.process, { action: "submit", sessionId, data: "hello" });
    await expect.poll(() => call(rig.process, { action: "log", sessionId })).toContain("got hello");
  });

  test("a sandbox does not see, feed or end the commands of the host or of another sandbox", async () => {
    await enter({ scope: "session" });
    const host = await rig.registry.start({
      command: "sleep",
      file: "/bin/sleep",
      args: ["20"],
      cwd: "/",
      env: {},
      owner: "agent:main",
      sessionKey: "x",
      timeoutMs: 30_000,
    });
    host.background = true;
    await call(rig.exec, { command: "sleep 20", background: true });
    await rig.places.enter("agent:main:other");
    expect(await call(rig.process, { action: "list" })).toMatch(/^\S+ {2}running {2}\d s {2}sleep 20$/);
    expect(await call(rig.process, { action: "list" }, { sessionKey: "agent:main:other" })).toBe(
      "No background commands.",
    );
    await expect(call(rig.process, { action: "kill", sessionId: host.id })).rejects.toMatchObject({
      code: "PROCESS_UNKNOWN",
    });
    expect(host.exit).toBeUndefined();
  });

  test("an aborted turn ends its command, detached children included, within 250 ms", async () => {
    await enter();
    const stop = new AbortController();
    const command = "setsid sh -c 'while :; do echo x >>beat; sleep 0.02; done' & nohup sleep 50 & wait";
    const running = call(rig.exec, { command }, { signal: stop.signal }).catch((error: Error) => error.message);
    await expect.poll(() => existsSync(join(workspace, "beat")), { timeout: 5000, interval: 10 }).toBe(true);
    const started = performance.now();
    stop.abort();
    expect(await running).toContain("was stopped");
    expect(performance.now() - started).toBeLessThan(250);
    const before = readFileSync(join(workspace, "beat"), "utf8");
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(readFileSync(join(workspace, "beat"), "utf8")).toBe(before);
  });

  test("the gateway's environment stays outside, and a call may not set dangerous variables", async () => {
    await enter({}, { env: { PATH: process.env["PATH"], SECRET_OF_GATEWAY: "canary" } });
    expect(await call(rig.exec, { command: "env; cat /proc/*/environ | tr '\\0' '\\n'", env: { MINE: "1" } })).toMatch(
      /^MINE=1$/m,
    );
    expect(await call(rig.exec, { command: "env; cat /proc/*/environ" })).not.toContain("canary");
    await expect(call(rig.exec, { command: "true", env: { LD_PRELOAD: "x" } })).rejects.toMatchObject({
      code: "EXEC_ENV_REFUSED",
    });
  });

  test("only elevation leads out, by level and by who may", async () => {
    const config = { agents: { defaults: { sandbox: { mode: "all", backend: "bubblewrap" } } } };
    const outcome = async (access: ExecRigOptions["access"], params: object = {}) => {
      rig = createExecRig({ stateDir: root, workspace, config, ...(access ? { access } : {}) });
      await rig.places.enter(KEY);
      return call(rig.exec, { command: "pwd", ...params }).catch((error: { code: string }) => error.code);
    };
    expect(await outcome({})).toBe("/workspace");
    expect(await outcome({}, { elevated: true })).toBe("EXEC_ELEVATED");
    expect(await outcome({}, { host: "gateway" })).toBe("EXEC_HOST");
    expect(await outcome({ host: "gateway", elevated: { level: "off", refused: "not you" } })).toBe("EXEC_HOST");
    expect(await outcome({ elevated: { level: "full", refused: "not you" } })).toBe("/workspace");
    expect(await outcome({ elevated: { level: "full", refused: "not you" } }, { elevated: true })).toBe(
      "EXEC_ELEVATED",
    );
    expect(await outcome({ elevated: { level: "full" } })).toBe(workspace);
    expect(await outcome({ elevated: { level: "full" } }, { elevated: false })).toBe("/workspace");
    expect(await outcome({ elevated: { level: "on" } })).toBe("EXEC_DENIED");
    expect(await outcome({ elevated: { level: "off" } }, { elevated: true })).toBe("EXEC_ELEVATED");
  });

  test("a session that did not enter its sandbox has no tools at all", async () => {
    await enter({ scope: "session" });
    const other = { sessionKey: "agent:main:stranger" };
    await expect(call(rig.exec, { command: "true" }, other)).rejects.toMatchObject({ code: "SANDBOX_NOT_OPEN" });
    await expect(call(files().read, { path: "x" }, other)).rejects.toMatchObject({ code: "SANDBOX_NOT_OPEN" });
  });
});
