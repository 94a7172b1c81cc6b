import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "@openclaw/testkit/gateway-process";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Cli, createCli } from "./cli.ts";
import { startGateway } from "./gateway-process.ts";

let cli: Cli;
beforeEach(() => (cli = createCli()));
afterEach(() => cli.dispose());

const doctor = (...args: string[]) => cli.run(["doctor", ...args], { env: { OPENCLAW_GATEWAY_PORT: "0" } });
const OLD = "{\n  // who answers\n  agent: { workspace: './desk' },\n}\n";

test("doctor looks, says in words what is wrong, exits with 1, and changes nothing", async () => {
  cli.writeConfig(OLD);
  const { code, stdout, stderr } = await doctor();
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(stdout).toContain("✗ wrong  The configuration says whether a gateway runs here");
  expect(stdout).toContain("! look   Every key has its present name");
  expect(stdout).toContain("agent.workspace is now agents.defaults.workspace");
  expect(stdout).toContain("✓ ok     The databases are whole");
  expect(stdout).toMatch(/2 errors and 2 warnings\. To repair all of them: openclaw doctor --fix\n$/);
  expect(cli.readConfig()).toBe(OLD);
});

test.each(["--fix", "--yes", "--repair"])("%s repairs, once", async (option) => {
  cli.writeConfig(OLD);
  const first = await doctor(option, "--json");
  expect(first.code).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({ ok: true, errors: 0, fixed: 4 });
  expect(cli.readConfig()).toContain("// who answers");
  const text = cli.readConfig();
  expect(JSON.parse((await doctor(option, "--json")).stdout)).toMatchObject({ ok: true, fixed: 0 });
  expect(cli.readConfig()).toBe(text);
});

test("only warnings are exit code 0", async () => {
  cli.writeConfig('{ gateway: { mode: "local", auth: { token: "short" } } }');
  expect(await doctor()).toMatchObject({ code: 0, stdout: expect.stringContaining("1 warning.") });
});

test("--generate-gateway-token makes one when there is none, prints none, and keeps one that is there", async () => {
  cli.writeConfig('{ gateway: { mode: "local" /* here */ } }');
  const made = await doctor("--generate-gateway-token");
  const text = cli.readConfig();
  const token = /token: "([0-9a-f]{48})"/.exec(text)?.[1] ?? "none";
  expect(text).toContain("/* here */");
  expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining("A new token stands in") });
  expect(made.stdout + made.stderr).not.toContain(token);
  expect(await doctor("--generate-gateway-token")).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("No token was made"),
  });
  expect(cli.readConfig()).toBe(text);
});

test("--generate-gateway-token without a configuration makes the first one", async () => {
  expect(await doctor("--generate-gateway-token")).toMatchObject({ code: 0 });
  expect(statSync(cli.configPath).mode & 0o777).toBe(0o600);
  expect(JSON.parse(cli.readConfig())).toMatchObject({
    gateway: { mode: "local", auth: { token: expect.stringMatching(/^[0-9a-f]{48}$/) } },
  });
});

test("a broken configuration is told with its place, and hostile text in it cannot move the cursor", async () => {
  cli.writeConfig('{ gateway: { mode: "local" }, "a\u001b[2Jb": 1 }');
  const { code, stdout } = await doctor("--fix");
  expect(code).toBe(1);
  expect(stdout).toContain(`${cli.configPath}:1:`);
  expect(stdout).not.toContain("\u001b");
});

test("nothing is looked for or written in the home directory when the state is elsewhere", async () => {
  cli.writeConfig(OLD);
  await doctor("--fix");
  expect(existsSync(join(cli.home, ".openclaw"))).toBe(false);
});

describe("config apply", () => {
  const HEALTHY = '{ gateway: { mode: "local", auth: { token: "a-token-of-twenty-characters" } } }';

  test("config apply --dry-run says what a file would do and changes nothing", async () => {
    cli.writeConfig(HEALTHY);
    const file = join(cli.root, "new.json");
    writeFileSync(
      file,
      `{ gateway: { mode: "local", port: ${await freePort()}, auth: { token: "__OPENCLAW_REDACTED__" } }, ui: { assistant: { name: "A" } } }`,
    );
    const words = await cli.run(["config", "apply", "--file", "new.json", "--dry-run"]);
    expect(words).toMatchObject({ code: 0, stderr: "" });
    expect(words.stdout).toContain("Read anew while it runs: ui");
    expect(words.stdout).toContain("Needs a restart: gateway");
    const json = await cli.run(["config", "apply", "--file", file, "--dry-run", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: true,
      dryRun: true,
      bootable: true,
      effect: "restart",
      live: ["ui"],
      restarts: ["gateway"],
      running: false,
    });
    expect(cli.readConfig()).toBe(HEALTHY);
  });

  test("config apply writes the file when no gateway runs, masked secrets put back, the one before backed up", async () => {
    cli.writeConfig(HEALTHY);
    const port = await freePort();
    const text = (token: string) =>
      `{\n  // new\n  gateway: { mode: "local", port: ${port}, auth: { token: "${token}" } },\n}\n`;
    writeFileSync(join(cli.root, "new.json"), text("__OPENCLAW_REDACTED__"));
    expect(await cli.run(["config", "apply", "--file", "new.json", "--json"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"applied": "file"'),
    });
    expect(cli.readConfig()).toBe(text("a-token-of-twenty-characters"));
    expect(readFileSync(`${cli.configPath}.bak`, "utf8")).toBe(HEALTHY);
    expect(await cli.run(["config", "apply", "--file", "new.json"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("said the same already"),
    });
  });

  test.each([
    ["invalid", '{ gateway: { mode: "lokal" } }', "new.json:1:20 gateway.mode"],
    ["valid, but no gateway starts with it", '{ gateway: { mode: "local" } }', "no token"],
    ["not there", undefined, "ENOENT"],
  ])("config apply refuses a file that is %s, and changes nothing", async (_, text, message) => {
    cli.writeConfig(HEALTHY);
    if (text !== undefined) writeFileSync(join(cli.root, "new.json"), text);
    expect(await cli.run(["config", "apply", "--file", "new.json"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(message),
    });
    expect(cli.readConfig()).toBe(HEALTHY);
    expect(await cli.run(["config", "apply"])).toMatchObject({ code: 2 });
  });

  test("config apply goes through a running gateway: read anew where that is enough, restarted where not; a bad file leaves it alone", async () => {
    const gateway = await startGateway();
    try {
      const configPath = join(gateway.stateDir, "openclaw.json");
      const file = join(gateway.stateDir, "..", "new.json");
      const { token, port, pid } = gateway;
      const write = (name: string, more: object = {}) =>
        writeFileSync(
          file,
          JSON.stringify({
            gateway: { mode: "local", port, auth: { mode: "token", token }, ...more },
            ui: { assistant: { name } },
          }),
        );
      const apply = async (...args: string[]) =>
        JSON.parse((await gateway.cli("config", "apply", "--file", file, ...args, "--json")).stdout) as Record<
          string,
          unknown
        >;

      write("Ada");
      expect(await apply("--dry-run")).toMatchObject({
        ok: true,
        running: true,
        effect: "reload",
        live: ["ui"],
        restarts: [],
      });
      expect(await apply()).toMatchObject({ ok: true, applied: "gateway", restart: false });
      expect(readFileSync(configPath, "utf8")).toContain("Ada");

      write("Bea", { controlUi: { basePath: "/desk" } });
      expect(await apply()).toMatchObject({ ok: true, applied: "gateway", restart: true });
      await vi.waitFor(() => expect(gateway.output().match(/gateway ready/g)).toHaveLength(2), {
        timeout: 20_000,
        interval: 100,
      });
      expect(gateway.pid).toBe(pid);

      write("Eve", { bind: "custom", customBindHost: "192.0.2.1" });
      expect(await apply()).toMatchObject({ ok: false, error: { code: "CONFIG_UNBOOTABLE" } });
      expect(readFileSync(configPath, "utf8")).toContain("Bea");
      expect(await gateway.cli("health")).toMatchObject({ code: 0 });

      const { checks } = JSON.parse((await gateway.cli("doctor", "--json")).stdout) as {
        checks: { id: string; findings: { severity: string; message: string }[] }[];
      };
      expect(checks.find(({ id }) => id === "gateway-port")?.findings).toEqual([]);
      expect(checks.find(({ id }) => id === "gateway-lock")?.findings[0]?.message).toContain(
        `A gateway runs: pid ${pid}`,
      );
      expect(checks.find(({ id }) => id === "store")?.findings).toEqual([]);
    } finally {
      await gateway.dispose();
    }
  }, 60_000);
});
