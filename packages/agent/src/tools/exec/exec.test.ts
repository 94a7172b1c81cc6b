import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import type { ToolContext } from "@openclaw/plugin-sdk/tool";
import { afterEach, beforeEach, expect, test } from "vitest";
import { childEnv } from "./child-env.ts";
import { createExecRig, type ExecRig } from "../../../test/exec-rig.ts";
import type { ExecParams } from "./exec.ts";

let workspace: string;
let rig: ExecRig;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "exec-"));
  rig = createExecRig({
    stateDir: join(workspace, ".state"),
    workspace,
    env: { PATH: process.env["PATH"], OPENAI_API_KEY: "canary", EDITOR: "vi" },
    config: { tools: { exec: { timeoutSec: 20 } } },
  });
});
afterEach(() => {
  rig.registry.close();
  rmSync(workspace, { recursive: true, force: true });
});
const ended = () => rig.ended;

const stop = new AbortController();
const context: ToolContext = {
  toolCallId: "c",
  agentId: "main",
  sessionKey: "agent:main:main",
  workspace: "",
  signal: stop.signal,
  update() {},
  log: silentLog,
};

async function exec(params: ExecParams): Promise<string> {
  const { content } = await rig.exec.execute(params, context);
  return content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}

async function manage(params: Record<string, unknown>): Promise<string> {
  const { content } = await rig.process.execute(params as never, context);
  return content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}

const OWNER = "agent:main";

test("output of both streams comes back, a failure is an error with output and code", async () => {
  expect(await exec({ command: "echo out; echo err >&2" })).toBe("out\nerr");
  expect(await exec({ command: "true" })).toBe("(no output)");
  await expect(exec({ command: "echo why; exit 3" })).rejects.toThrow(/why\s+The command exited with code 3/);
  await expect(exec({ command: "pwd", workdir: "missing" })).rejects.toMatchObject({ code: "EXEC_WORKDIR" });
});

test("a command runs in the workspace, with the environment but without the gateway's keys", async () => {
  expect(await exec({ command: 'pwd; echo "$OPENAI_API_KEY|$EDITOR|$MINE"', env: { MINE: "1" } })).toBe(
    `${workspace}\n|vi|1`,
  );
  for (const name of ["PATH", "LD_PRELOAD", "NODE_OPTIONS", "BASH_ENV", "IFS", "DYLD_X"]) {
    await expect(exec({ command: "true", env: { [name]: "x" } }), name).rejects.toMatchObject({
      code: "EXEC_ENV_REFUSED",
    });
  }
  expect(childEnv({ NODE_OPTIONS: "--inspect", PATH: "/bin" })).toEqual({ PATH: "/bin" });
});

test("a command that takes too long is stopped with its children", async () => {
  const started = performance.now();
  await expect(exec({ command: "echo begun; sleep 30 | sleep 30", timeout: 0.2 })).rejects.toThrow(
    /begun\s+.*longer than its timeout/,
  );
  expect(performance.now() - started).toBeLessThan(2000);
});

test("a daemon that keeps the pipe open does not keep the call", async () => {
  const started = performance.now();
  expect(await exec({ command: "sleep 30 & echo done" })).toBe("done");
  expect(performance.now() - started).toBeLessThan(2000);
});

test("a slow command goes to the background and is followed, fed and ended by process", async () => {
  const text = await exec({ command: "echo ready; read line; echo got $line; exit 4", yieldMs: 150 });
  expect(text).toContain("ready");
  const id = /as (\S+)\. Use process/.exec(text)?.[1];
  expect(await manage({ action: "list" })).toContain(`${id}  running`);
  expect(await manage({ action: "poll", sessionId: id })).toContain("(no new output)");
  await manage({ action: "write", sessionId: id, data: "hello\n" });
  await rig.registry.get(id!, OWNER)?.done;
  expect(await manage({ action: "poll", sessionId: id })).toMatch(/got hello[^]*exited with code 4/);
  expect(await manage({ action: "log", sessionId: id, offset: 1 })).toContain("ready\ngot hello");
  expect(ended()).toMatchObject([{ code: 4 }]);
  await manage({ action: "remove", sessionId: id });
  await expect(manage({ action: "poll", sessionId: id })).rejects.toThrow(/no background command/);
});

test("a background command is killed on demand", async () => {
  const text = await exec({ command: "sleep 30", background: true });
  const id = /as (\S+)\. Use process/.exec(text)?.[1];
  expect(await manage({ action: "kill", sessionId: id })).toContain("was stopped");
  expect(rig.registry.get(id!, OWNER)?.exit?.reason).toBe("killed");
});

test("endless output does not fill the memory", async () => {
  const text = await exec({ command: "yes | head -c 3000000" });
  expect(text).toMatch(/^\[2\d{6} characters before this are left out\]/);
  expect(text.length).toBeLessThan(31_000);
});

test("with a terminal a program sees one, and takes keys", async () => {
  const text = await exec({ command: "test -t 0 && test -t 1 && stty size; exec cat -v", pty: true, yieldMs: 300 });
  expect(text).toContain("30 120");
  const id = /as (\S+)\. Use process/.exec(text)?.[1];
  await manage({ action: "send-keys", sessionId: id, keys: ["Up", "F5"], literal: "x" });
  await manage({ action: "submit", sessionId: id, data: "hello" });
  await manage({ action: "paste", sessionId: id, data: "two\nlines\u001b[201~" });
  await manage({ action: "send-keys", sessionId: id, keys: ["Enter"] });
  await expect.poll(() => manage({ action: "log", sessionId: id })).toMatch(/\^\[\[200~two[^]*lines\^\[\[201~/);
  expect(await manage({ action: "log", sessionId: id })).toMatch(/x\^\[\[A\^\[\[15~hello/);
  await manage({ action: "send-keys", sessionId: id, keys: ["C-c"] });
  await rig.registry.get(id!, OWNER)?.done;
  expect(rig.registry.get(id!, OWNER)?.exit?.signal).toBe("SIGINT");
  await expect(manage({ action: "send-keys", sessionId: id, keys: ["Nope"] })).rejects.toMatchObject({
    code: "PROCESS_KEY",
  });
  expect(await manage({ action: "clear" })).toContain("1 ended");
});

test("a command in a terminal is stopped with its children", async () => {
  const started = performance.now();
  await expect(exec({ command: "echo begun; sleep 30 | sleep 30", pty: true, timeout: 0.2 })).rejects.toThrow(
    /begun\s+.*timeout/,
  );
  expect(performance.now() - started).toBeLessThan(1500);
});
