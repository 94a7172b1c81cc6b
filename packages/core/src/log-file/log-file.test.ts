import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createManualClock } from "../../test/manual-clock.ts";
import { createLog, type FileLog, type LogOptions } from "./create-log.ts";
import { dailyLogPath, pruneDailyLogs } from "./log-path.ts";
import { createRedactor } from "./redactor.ts";

let dir: string;
let file: string;
let clock: ReturnType<typeof createManualClock>;
let shown: string[];
const logs: FileLog[] = [];
beforeEach(() => {
  dir = fs.mkdtempSync(join(os.tmpdir(), "log-"));
  file = join(dir, "logs", "openclaw.log");
  clock = createManualClock(Date.parse("2026-11-20T13:25:02.991Z"));
  shown = [];
});
afterEach(() => {
  for (const log of logs.splice(0)) void log.close();
  fs.rmSync(dir, { recursive: true, force: true });
});

function open(more: Partial<LogOptions> = {}, view: Partial<LogOptions["console"]> = {}): FileLog {
  const log = createLog({ dir, file, clock, console: { write: (line) => shown.push(line), ...view }, ...more });
  logs.push(log);
  return log;
}
const lines = (path = file) =>
  fs
    .readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line): Record<string, unknown> => JSON.parse(line));

describe("the file", () => {
  test("holds the lines that log readers know", () => {
    const log = open();
    log.child("gateway").child("canvas").info("mounted", { port: 1 });
    log.flush();
    expect(lines()).toEqual([
      {
        0: '{"subsystem":"gateway/canvas"}',
        1: "mounted",
        2: { port: 1 },
        _meta: {
          runtime: "node",
          runtimeVersion: process.versions.node,
          hostname: os.hostname(),
          name: '{"subsystem":"gateway/canvas"}',
          parentNames: ["openclaw"],
          date: "2026-11-20T13:25:02.991Z",
          logLevelId: 3,
          logLevelName: "INFO",
        },
        time: "2026-11-20T13:25:02.991Z",
      },
    ]);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  test("gets batches after a rest, errors at once, and only from its level on", () => {
    const log = open({ level: "warn" });
    log.info("dropped");
    log.warn("waits");
    expect(fs.existsSync(file)).toBe(false);
    clock.advance(100);
    expect(lines()).toHaveLength(1);
    log.error("now");
    expect(lines()).toHaveLength(2);
    log.setLevels({ level: "trace" });
    log.trace("seen");
    log.flush();
    expect(lines().map((line) => line["1"])).toEqual(["waits", "now", "seen"]);
  });

  test("rolls over at midnight and comes back after somebody deleted it", () => {
    const log = open({ file: undefined });
    log.error("first");
    fs.rmSync(dailyLogPath(dir, clock.now()));
    log.error("second");
    expect(lines(dailyLogPath(dir, clock.now()))).toHaveLength(1);
    clock.advance(24 * 60 * 60 * 1000);
    log.error("third");
    expect(fs.readdirSync(dir)).toHaveLength(2);
  });

  test("only daily logs older than a day are pruned, when a log is opened", () => {
    for (const name of ["openclaw-2026-11-18.log", "openclaw-2026-11-20.log", "other.log"])
      fs.writeFileSync(join(dir, name), "x");
    const old = (clock.now() - 25 * 60 * 60 * 1000) / 1000;
    for (const name of ["openclaw-2026-11-18.log", "other.log"]) fs.utimesSync(join(dir, name), old, old);
    fs.utimesSync(join(dir, "openclaw-2026-11-20.log"), clock.now() / 1000, clock.now() / 1000);
    open();
    expect(fs.readdirSync(dir)).toHaveLength(3);
    expect(open({ file: undefined }).file()).toBe(dailyLogPath(dir, clock.now()));
    expect(fs.readdirSync(dir)).toEqual(["openclaw-2026-11-20.log", "other.log"]);
    expect(pruneDailyLogs(join(dir, "none"), clock.now())).toEqual([]);
  });

  test("a disk that refuses is told once and throws nowhere; lines wait and the lost ones are counted", () => {
    fs.writeFileSync(join(dir, "logs"), "a file where the folder should be");
    const log = open({}, { level: "silent" });
    for (let index = 0; index < 60; index += 1) log.error(`${index} ${"x".repeat(30_000)}`);
    expect(shown).toHaveLength(1);
    expect(shown[0]).toContain("cannot be written");
    fs.rmSync(join(dir, "logs"));
    clock.advance(5000);
    clock.advance(5000);
    const written = lines();
    expect(written.length).toBeLessThan(60);
    expect(String(written.at(-1)?.["1"])).toMatch(/^\d+ log lines were lost/);
  });

  test("what waits is written when the process exits", () => {
    const script = `import { createLog } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
      createLog({ dir: "", file: ${JSON.stringify(file)} }).info("last words");`;
    spawnSync(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" });
    expect(lines()[0]?.["1"]).toBe("last words");
  });
});

describe("the console", () => {
  test("pretty, compact and json", () => {
    open({}, { style: "pretty" }).child("gw").warn("slow", { ms: 5, to: "a b" });
    open({}, { style: "compact" }).child("gw").info("slow", { ms: 5 });
    open({}, { style: "json" }).child("gw").info("slow");
    expect(shown[0]).toMatch(/^\d\d:25:02 WARN \[gw\] slow ms=5 to="a b"$/);
    expect(shown[1]).toBe("slow ms=5");
    expect(JSON.parse(shown[2] ?? "")).toMatchObject({ 1: "slow" });
  });

  test("a stranger's control characters are shown, not obeyed, and no line of theirs looks like ours", () => {
    open().info("from \u001b[2Jeve\u202e\r\n12:00:00 [gw] forged");
    expect(shown[0]).toContain("\\u001b[2Jeve\\u202e\\u000d\n    12:00:00 [gw] forged");
  });
});

describe("secrets", () => {
  const secrets = [
    ["assignment", "OPENAI_API_KEY=abcdefghijklmnopqrstuvwx", "abcdefghijklmnopqrstuvwx"],
    ["short assignment", "export TOKEN='hunter2'", "hunter2"],
    ["json", `{"botToken": "abc\\"def", "x": 1}`, 'abc\\"def'],
    ["flag", "run --gateway-token s3cr3tvalue now", "s3cr3tvalue"],
    ["bearer", "Authorization: Bearer abc.def-ghi_jklmnop", "abc.def-ghi_jklmnop"],
    ["query", "GET /ws?token=abcdef123456&x=1", "abcdef123456"],
    ["url password", "https://user:pa55word@host/", "pa55word"],
    ["openai", "key sk-proj-abcdefghijklmnop", "sk-proj-abcdefghijklmnop"],
    ["github", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"],
    ["slack", "xoxb-1234567890-abcdefghij", "xoxb-1234567890-abcdefghij"],
    [
      "telegram url",
      "https://api.telegram.org/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe",
      "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    ],
    [
      "jwt",
      "x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmN y",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmN",
    ],
    ["pem", "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----", "MIIabc"],
  ] as const;

  test.each(secrets)("%s", (_name, text, secret) => {
    const log = open();
    log.error(text, { deep: [{ text }], error: new Error(text) });
    expect(fs.readFileSync(file, "utf8")).not.toContain(secret);
    expect(shown.join()).not.toContain(secret);
  });

  test("long ones keep their ends, so that a person can tell which it was", () => {
    const redact = createRedactor();
    expect(redact.text("KEY=abcdefghijklmnopqrstuvwx!")).toBe("KEY=abcdef..vwx!");
    expect(redact.text("KEY=short")).toBe("KEY=***");
  });

  test("values of secret keys are masked whole, counts are not", () => {
    expect(
      createRedactor().value({
        token: "x y",
        botToken: "q",
        maxTokens: "5",
        totalTokens: 7,
        "x-api-key": "k",
        nested: { password: "p" },
      }),
    ).toEqual({
      token: "***",
      botToken: "***",
      maxTokens: "5",
      totalTokens: 7,
      "x-api-key": "***",
      nested: { password: "***" },
    });
  });

  test("registered values are masked in every spelling, also with redaction off", () => {
    const redact = createRedactor({ mode: "off" });
    redact.register('corr"ect horse');
    redact.register("short");
    expect(
      redact.text(
        `a corr"ect horse b ${JSON.stringify('corr"ect horse')} ${encodeURIComponent('corr"ect horse')} short KEY=visible`,
      ),
    ).toBe('a *** b "***" corr%2..orse short KEY=visible');
  });

  test("configured patterns replace the defaults; one that does not compile is left out", () => {
    const redact = createRedactor({ patterns: ["\\bfoo=(\\w+)", "/BAR-(\\d+)/", "("] });
    expect(redact.text("foo=secret FOO=other BAR-12 bar-12 KEY=visible")).toBe(
      "foo=*** FOO=*** BAR-*** bar-12 KEY=visible",
    );
  });

  test("odd values do not break a line", () => {
    const circular: Record<string, unknown> = { big: 10n, bytes: new Uint8Array(3), date: new Date(0), call: () => 1 };
    circular["self"] = circular;
    const log = open();
    log.error("odd", circular);
    log.error("x".repeat(200_000));
    expect(lines()[0]?.["2"]).toEqual({
      big: "10",
      bytes: "[3 bytes]",
      date: "1970-01-01T00:00:00.000Z",
      self: "[circular]",
    });
    expect(String(lines()[1]?.["1"]).length).toBeLessThan(33_000);
  });
});
