import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ScriptedLlm, say, startScriptedLlm } from "@openclaw/testkit/llm";
import { startTelegramEmulator } from "@openclaw/testkit/telegram";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Cli, type Outcome, createCli } from "./cli.ts";
import { connect, startGateway } from "./gateway-process.ts";

let cli: Cli;
const closers: (() => unknown)[] = [];
beforeEach(() => (cli = createCli()));
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  cli.dispose();
});

/** A file system of its own, where this user may mount one. */
function mountTmpfs(dir: string, options: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", dir], { stdio: "ignore" });
  } catch {
    return false;
  }
  closers.push(() => execFileSync("umount", ["-l", dir]));
  return true;
}
const mayMount = (() => {
  const dir = mkdtempSync(join(tmpdir(), "may-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", dir], { stdio: "ignore" });
    execFileSync("umount", [dir], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
})();

/** One failure in words: what, where, what to do; nothing of the program's inside. */
function expectPlain({ code, stderr }: Outcome, what: RegExp): void {
  expect(stderr).toMatch(what);
  expect(stderr).not.toMatch(/\n\s+at |did not foresee|not a failure openclaw foresaw|TypeError|node:internal/);
  expect(stderr.match(/error:/g) ?? []).toHaveLength(1);
  // The failure, and what to do about it.
  const from = stderr.indexOf("error:");
  expect(stderr.slice(from).trim().split("\n").length).toBeGreaterThanOrEqual(2);
  expect(code).toBe(1);
}

const run = ["gateway", "--allow-unconfigured", "--port", "0"];

describe("a state directory that cannot be used", () => {
  test("a file stands in its place", async () => {
    const file = join(cli.root, "file");
    writeFileSync(file, "mine");
    expectPlain(await cli.run(run, { env: { OPENCLAW_STATE_DIR: file } }), /file/);
    expectPlain(await cli.run(["setup"], { env: { OPENCLAW_STATE_DIR: file } }), /file/);
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  test.runIf(mayMount)("it is read-only", async () => {
    mountTmpfs(cli.stateDir, "size=1m,ro");
    expectPlain(await cli.run(run), /read-only|EROFS/i);
  });

  test.runIf(process.getuid?.() !== 0)("it belongs to somebody else", async () => {
    chmodSync(cli.stateDir, 0o000);
    closers.push(() => chmodSync(cli.stateDir, 0o700));
    expectPlain(await cli.run(run), /EACCES|permission/i);
  });

  test("the configuration is a directory", async () => {
    mkdirSync(cli.configPath);
    expectPlain(await cli.run(run), /openclaw\.json/);
  });

  test.each(["not a database, only words\n".repeat(500), "\0".repeat(8192)])(
    "the store holds something else, which is left as it is (%#)",
    async (text) => {
      await cli.run(["setup"]);
      const store = join(cli.stateDir, "openclaw.sqlite");
      writeFileSync(store, text);
      const outcome = await cli.run(run);
      expectPlain(outcome, /openclaw\.sqlite/);
      expect(readFileSync(store, "utf8")).toBe(text);
    },
  );

  test("sessions.json is a directory", async () => {
    const gateway = await startGateway();
    closers.push(() => gateway.dispose());
    await gateway.cli("agent", "--message", "what is 6*7?");
    await gateway.stop();
    const file = join(gateway.stateDir, "agents", "main", "sessions", "sessions.json");
    rmSync(file);
    mkdirSync(file);
    await gateway.start();
    const { code, stdout, stderr } = await gateway.cli("agent", "--message", "what is 6*8?");
    expect({ code, stderr, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("48") });
    expect(gateway.output()).toMatch(/sessions\.json cannot be read \(EISDIR\)/);
    await gateway.stop();
    expect(Object.keys(JSON.parse(readFileSync(file, "utf8")) as object)).toEqual(["agent:main:main"]);
    expect(gateway.output()).not.toMatch(/\n\s+at /);
  });
});

describe.runIf(mayMount)("a full disk", () => {
  test("at the start: said with the next step, and the configuration is as it was", async () => {
    mountTmpfs(cli.stateDir, "size=64k");
    cli.writeConfig('{ gateway: { mode: "local", auth: { token: "abc123def" } } }');
    fill(cli.stateDir);
    expectPlain(await cli.run(["gateway", "--port", "0"]), /full|ENOSPC/i);
    expect(cli.readConfig()).toBe('{ gateway: { mode: "local", auth: { token: "abc123def" } } }');
  });

  test("while it runs: whoever asks hears of it, nothing accepted is lost, and with room again it goes on", async () => {
    const disk = join(cli.root, "disk");
    mkdirSync(disk);
    mountTmpfs(disk, "size=8m");
    const [llm, telegram] = await Promise.all([
      startScriptedLlm({ script: ({ lastUserText }) => say(`heard ${lastUserText}`) }),
      startTelegramEmulator(),
    ]);
    closers.push(() => Promise.all([llm.close(), telegram.close()]));
    vi.stubEnv("TMPDIR", disk);
    const gateway = await startGateway({
      config: {
        ...modelOf(llm),
        channels: {
          telegram: { botToken: telegram.token, apiRoot: telegram.apiRoot, dmPolicy: "open", allowFrom: ["*"] },
        },
      },
    });
    vi.unstubAllEnvs();
    closers.push(() => gateway.dispose());
    telegram.inject.dm({ text: "before" });
    await telegram.waitFor("sendMessage", ({ params }) => /before/.test(String(params.text)), 20_000);

    // The terminal has its own key by now.
    expect((await gateway.cli("health")).code).toBe(0);

    const filling = fill(disk);
    telegram.inject.dm({ text: "meanwhile" });
    const client = await connect(gateway);
    closers.push(() => client.close());
    const refused = await client
      .request("chat.send", { sessionKey: "main", message: "x".repeat(100_000), idempotencyKey: "full" })
      .then(
        () => "taken",
        (error: Error) => error.message,
      );
    expect(refused).toMatch(/full|space/i);
    await vi.waitFor(() => expect(gateway.output()).toMatch(/full|space/i), { timeout: 10_000 });
    expect((await gateway.cli("health")).code).toBe(0);

    rmSync(filling);
    await telegram.waitFor("sendMessage", ({ params }) => /meanwhile/.test(String(params.text)), 40_000);
    telegram.inject.dm({ text: "afterwards" });
    await telegram.waitFor("sendMessage", ({ params }) => /afterwards/.test(String(params.text)), 20_000);
    expect(await gateway.stop()).toBe(0);
    await gateway.start();
    const said = telegram.messages(7001).flatMap(({ fromBot, text }) => (fromBot ? [text] : []));
    for (const word of ["before", "meanwhile", "afterwards"])
      expect(said.filter((text) => text.includes(word) && /heard/.test(text))).toHaveLength(1);
    expect(gateway.output()).not.toMatch(/\n\s+at /);
  });
});

test("a gateway that has nothing to do ends when it is told to, also in the moment it says that it runs", async () => {
  const gateway = await startGateway();
  closers.push(() => gateway.dispose());
  expect(await gateway.stop()).toBe(0);
  await gateway.start();
  await gateway.cli("agent", "--message", "what is 6*7?");
  const asked = performance.now();
  expect(await gateway.stop()).toBe(0);
  // Ten seconds are for answers under way; there are none.
  expect(performance.now() - asked).toBeLessThan(5_000);
});

test("a model that streams garbage: nothing of the stream reaches the console of the gateway", async () => {
  const llm = await startScriptedLlm({
    script: () => ({ kind: "garbage", contentType: "text/event-stream", body: 'data: {"private words"\n\n' }),
  });
  closers.push(() => llm.close());
  const gateway = await startGateway({ config: modelOf(llm) });
  closers.push(() => gateway.dispose());
  const { code, stdout, stderr } = await gateway.cli("agent", "--message", "hello");
  expect({ code, said: stdout + stderr }).toMatchObject({
    code: 1,
    said: expect.stringContaining("scripted/scripted"),
  });
  expect(gateway.output()).not.toContain("private words");
});

const modelOf = (llm: ScriptedLlm) => ({
  agents: { defaults: { model: { primary: "scripted/scripted" }, skipBootstrap: true } },
  models: {
    providers: {
      scripted: {
        baseUrl: llm.baseUrl["openai-completions"],
        apiKey: "none",
        api: "openai-completions",
        models: [{ id: "scripted", name: "Scripted" }],
      },
    },
  },
});

/** Takes every free block; the file to remove for room. */
function fill(dir: string): string {
  const file = join(dir, "filling");
  const { bavail, bsize } = statfsSync(dir);
  try {
    writeFileSync(file, Buffer.alloc(bavail * bsize));
    for (let more = 0; ; more++) writeFileSync(`${file}-${more}`, Buffer.alloc(4096));
  } catch {
    return file;
  }
}
