import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDoctorRoom, type DoctorRoom, HEALTHY } from "../../../test/doctor-room.ts";
import { openStore } from "../../store/store.ts";

let room: DoctorRoom;
const closers: (() => void)[] = [];
beforeEach(() => {
  room = createDoctorRoom();
  room.config(HEALTHY);
});
afterEach(() => {
  for (const close of closers.splice(0)) close();
  room.dispose();
});

const mode = (path: string) => statSync(path).mode & 0o777;
const messages = async (id: string) =>
  (await room.check(id)).findings.map(({ severity, message }) => `${severity}: ${message}`);

describe("permissions", () => {
  test("what others may read is a warning, what they may change an error; both are taken away, links followed", async () => {
    const elsewhere = join(room.dir, "dotfiles.env");
    writeFileSync(elsewhere, "A=b", { mode: 0o644 });
    symlinkSync(elsewhere, room.paths.envFile);
    const credentials = room.write("credentials/telegram-pairing.json", "{}", 0o660);
    const backup = room.write("openclaw.json.bak", HEALTHY, 0o644);
    const transcript = room.write("agents/main/sessions/a.jsonl", "{}\n", 0o604);
    const { findings } = await room.check("permissions");
    expect(findings).toMatchObject([
      { severity: "error", message: `Others may change ${credentials}.` },
      { severity: "warning", message: expect.stringMatching(/^Others may read .*openclaw\.json\.bak/) },
    ]);
    expect(await room.check("permissions", { fix: "all" })).toMatchObject({
      findings: [],
      fixed: [expect.any(String)],
    });
    for (const path of [elsewhere, credentials, backup, transcript]) expect(mode(path)).toBe(0o600);
    expect(await room.check("permissions", { fix: "all" })).toMatchObject({ findings: [], fixed: [] });
  });

  test("what you yourself may not read is opened for you, layer by layer; a file made read-only stays so", async () => {
    const inner = room.write("credentials/whatsapp/default/creds.json", "{}", 0o000);
    const readOnly = room.write(".env", "A=b", 0o440);
    for (const name of ["credentials/whatsapp/default", "credentials"])
      chmodSync(join(room.paths.stateDir, name), 0o000);
    expect((await room.check("permissions")).findings[0]).toMatchObject({
      severity: "error",
      message: expect.stringContaining(`You yourself may not read`),
    });
    expect(await room.check("permissions", { fix: "all" })).toMatchObject({
      findings: [],
      fixed: [expect.any(String)],
    });
    expect([mode(inner), mode(readOnly), mode(room.paths.credentialsDir)]).toEqual([0o600, 0o400, 0o700]);
  });

  test("a link out of the state directory is not walked through", async () => {
    const outside = join(room.dir, "outside");
    mkdirSync(outside, { mode: 0o755 });
    writeFileSync(join(outside, "theirs"), "", { mode: 0o644 });
    mkdirSync(room.paths.credentialsDir, { mode: 0o700 });
    symlinkSync(outside, join(room.paths.credentialsDir, "link"));
    expect(await room.check("permissions", { fix: "all" })).toMatchObject({ findings: [], fixed: [] });
    expect(mode(join(outside, "theirs"))).toBe(0o644);
  });
});

describe("what older installations left", () => {
  const session = (sessionId: string) => JSON.stringify({ "agent:main:main": { sessionId, updatedAt: 1 } });

  test("sessions and agent files move to the default agent; nothing that is there is written over", async () => {
    room.config(
      '{ gateway: { mode: "local", auth: { token: "a-token-of-twenty-characters" } }, agents: { list: [{ id: "Home" }] } }',
    );
    room.write(
      "sessions/sessions.json",
      JSON.stringify({
        "agent:home:main": { sessionId: "old", updatedAt: 1 },
        extra: { sessionId: "x", updatedAt: 2 },
      }),
    );
    room.write("sessions/old.jsonl", "old", 0o644);
    room.write("sessions/both.jsonl", "old text");
    room.write("agents/home/sessions/both.jsonl", "new text");
    room.write(
      "agents/home/sessions/sessions.json",
      JSON.stringify({ "agent:home:main": { sessionId: "new", updatedAt: 9 } }),
    );
    room.write("agent/models.json", "{}");
    room.write("agent/deep/open.json", "{}", 0o644);

    const first = await room.check("legacy-state", { fix: "all" });
    expect(first.fixed).toEqual([expect.stringContaining(join("agents", "home", "agent"))]);
    expect(first.findings).toMatchObject([{ fixError: expect.stringContaining("both.jsonl stayed") }]);
    const dir = room.paths.sessionsDir("home");
    expect(JSON.parse(readFileSync(join(dir, "sessions.json"), "utf8"))).toEqual({
      "agent:home:main": { sessionId: "new", updatedAt: 9 },
      extra: { sessionId: "x", updatedAt: 2 },
    });
    expect(readFileSync(join(dir, "both.jsonl"), "utf8")).toBe("new text");
    expect(readFileSync(join(room.paths.stateDir, "sessions", "both.jsonl"), "utf8")).toBe("old text");
    expect(mode(join(dir, "old.jsonl"))).toBe(0o600);
    expect(existsSync(join(room.paths.agentDir("home"), "models.json"))).toBe(true);
    expect(mode(join(room.paths.agentDir("home"), "deep", "open.json"))).toBe(0o600);

    const before = room.tree();
    await room.check("legacy-state", { fix: "all" });
    expect(room.tree()).toBe(before);
    writeFileSync(join(room.paths.stateDir, "sessions", "both.jsonl"), "new text");
    expect(await room.check("legacy-state", { fix: "all" })).toMatchObject({ findings: [] });
    expect(existsSync(join(room.paths.stateDir, "sessions"))).toBe(false);
  });

  test("nothing moves under a running gateway", async () => {
    room.write("sessions/sessions.json", session("old"));
    mkdirSync(room.paths.lockDir, { mode: 0o700 });
    writeFileSync(
      room.paths.lockPath,
      JSON.stringify({ pid: process.pid, createdAt: new Date().toISOString(), configPath: room.paths.configPath }),
    );
    expect(await room.check("legacy-state", { fix: "all" })).toMatchObject({
      fixed: [],
      findings: [{ hint: expect.stringContaining(`Stop the gateway (pid ${process.pid})`) }],
    });
    expect(existsSync(join(room.paths.stateDir, "sessions", "sessions.json"))).toBe(true);
  });

  test("the single WhatsApp login moves to whatsapp/default, other credentials stay", async () => {
    for (const name of ["creds.json", "pre-key-7.json", "session-33600000000.0.json", "app-state-sync-key-AAA.json"])
      room.write(`credentials/${name}`, "{}");
    room.write("credentials/telegram-pairing.json", "{}");
    room.write("credentials/oauth.json", "{}");
    expect(await room.check("legacy-whatsapp", { fix: "all" })).toMatchObject({
      findings: [],
      fixed: [expect.any(String)],
    });
    expect(existsSync(join(room.paths.credentialsDir, "whatsapp", "default", "session-33600000000.0.json"))).toBe(true);
    expect(existsSync(join(room.paths.credentialsDir, "telegram-pairing.json"))).toBe(true);
    expect(existsSync(join(room.paths.credentialsDir, "oauth.json"))).toBe(true);
    expect(await room.check("legacy-whatsapp", { fix: "all" })).toMatchObject({ findings: [], fixed: [] });
  });

  test("old logins are announced and looking at models does not take them over", async () => {
    const path = room.write(
      "credentials/oauth.json",
      JSON.stringify({ anthropic: { access: "canary-access", refresh: "canary-refresh", expires: 1 } }),
    );
    expect(await messages("auth-profiles")).toEqual([
      `info: ${path} of an older installation holds logins for anthropic.`,
    ]);
    expect(await messages("models")).toEqual([expect.stringContaining("Not looked at")]);
    room.write(
      "agents/main/agent/auth-profiles.json",
      JSON.stringify({
        version: 1,
        profiles: { "anthropic:default": { type: "oauth", provider: "anthropic", refresh: "r" } },
      }),
    );
    expect(await messages("auth-profiles")).toEqual([]);
  });
});

describe("sessions", () => {
  const used = (sessionId: string) => ({ sessionId, updatedAt: 1, systemSent: true });
  const list = (entries: Record<string, unknown>) =>
    room.write("agents/main/sessions/sessions.json", JSON.stringify(entries));

  test("a transcript that is gone is named; an entry that never had one, and a topic's, are not", async () => {
    list({
      "agent:main:a": used("gone"),
      "agent:main:b": used("here"),
      "agent:main:c": { sessionId: "fresh", updatedAt: 1, label: "x" },
      "agent:main:d": used("topic"),
      "agent:main:e": used("../../etc/passwd"),
      "agent:main:f": null,
    });
    room.write("agents/main/sessions/here.jsonl", '{"type":"session"}\n{"type":"message"}\n');
    room.write("agents/main/sessions/topic-topic-12.jsonl", '{"type":"session"}\n{"type":"message"}\n');
    expect(await messages("sessions")).toEqual([
      expect.stringMatching(/^warning: The transcripts of agent:main:a are missing/),
    ]);
  });

  test("a main transcript of one line is told, another conversation's is not", async () => {
    list({ "agent:main:main": used("main"), "agent:main:other": used("other") });
    const path = room.write("agents/main/sessions/main.jsonl", '{"type":"session"}\n');
    room.write("agents/main/sessions/other.jsonl", '{"type":"session"}\n');
    expect(await messages("sessions")).toEqual([
      expect.stringContaining(`${path}, the transcript of agent:main:main, holds its first line only`),
    ]);
  });

  test("a damaged list is an error, and stays as it is", async () => {
    const path = room.write("agents/main/sessions/sessions.json", '{ "agent:main:main": { "sess');
    expect(await messages("sessions")).toEqual([expect.stringMatching(/^error: .*sessions\.json is damaged/)]);
    await room.look({ fix: "all" });
    expect(readFileSync(path, "utf8")).toBe('{ "agent:main:main": { "sess');
  });
});

describe("databases", () => {
  function fill(): void {
    const { database } = openStore(room.paths.databasePath);
    for (let row = 0; row < 500; row++)
      database.sql.prepare("INSERT INTO kv VALUES ('test', ?, ?)").run(String(row), "x".repeat(400));
    database.close();
  }

  test("a whole one is fine, also while a gateway has it open", async () => {
    fill();
    expect(await messages("store")).toEqual([]);
    const { database } = openStore(room.paths.databasePath);
    closers.push(() => database.close());
    database.sql.exec("INSERT INTO kv VALUES ('test', 'open', '1')");
    expect(await messages("store")).toEqual([]);
  });

  test.each([
    ["truncated in the middle", () => truncateSync(room.paths.databasePath, 100_000)],
    ["truncated to a stump", () => truncateSync(room.paths.databasePath, 60)],
    ["of something else", () => writeFileSync(room.paths.databasePath, "this is not a database ".repeat(500))],
  ])("one %s is an error with the way out, and nothing is touched", async (_, damage) => {
    fill();
    damage();
    const before = room.tree();
    expect(await room.check("store", { fix: ["store"] })).toMatchObject({
      findings: [
        {
          severity: "error",
          message: expect.stringContaining("openclaw.sqlite is damaged"),
          hint: expect.stringContaining("backup"),
        },
      ],
    });
    expect(room.tree()).toBe(before);
  });

  test("one of a newer version is told", async () => {
    const { database } = openStore(room.paths.databasePath);
    database.sql.exec("PRAGMA user_version=999");
    database.close();
    expect(await messages("store")).toEqual([expect.stringContaining("newer OpenClaw (store version 999")]);
  });

  test("a damaged memory index is only a warning", async () => {
    mkdirSync(room.paths.memoryDir, { mode: 0o700 });
    new DatabaseSync(join(room.paths.memoryDir, "main.sqlite")).close();
    room.write("memory/home.sqlite", "broken ".repeat(200));
    expect(await messages("store")).toEqual([expect.stringMatching(/^warning: .*home\.sqlite is damaged/)]);
  });
});

test("a login that ended, and one that rests, are told without the address in its name", async () => {
  const now = Date.now();
  room.write(
    "agents/main/agent/auth-profiles.json",
    JSON.stringify({
      version: 1,
      profiles: {
        "anthropic:ada@example.org": { type: "token", provider: "anthropic", token: "canary", expires: now - 1000 },
        "openai:default": { type: "api_key", provider: "openai", key: "canary" },
        "google:default": { type: "oauth", provider: "google", refresh: "canary", expires: now - 1000 },
      },
      usageStats: { "openai:default": { disabledUntil: now + 3_600_000, disabledReason: "billing" } },
    }),
  );
  const told = await messages("auth-profiles");
  expect(told).toEqual([
    expect.stringContaining("A login for anthropic of agent main ended"),
    expect.stringMatching(/A login for openai of agent main rests until .* \(billing\)/),
  ]);
  expect(told.join()).not.toMatch(/ada@|canary/);
});

describe("workspace", () => {
  test("a named one that is missing is made, once", async () => {
    room.config(
      '{ gateway: { mode: "local", auth: { token: "a-token-of-twenty-characters" } }, agents: { defaults: { workspace: "./desk" } } }',
    );
    expect((await room.check("workspace")).findings).toMatchObject([
      { severity: "warning", message: expect.stringContaining("desk, is not there") },
    ]);
    expect(await room.check("workspace", { fix: ["workspace"] })).toMatchObject({
      findings: [],
      fixed: [expect.stringContaining("AGENTS.md")],
    });
    writeFileSync(join(room.paths.stateDir, "desk", "SOUL.md"), "mine");
    expect(await room.check("workspace", { fix: ["workspace"] })).toMatchObject({ findings: [], fixed: [] });
    expect(readFileSync(join(room.paths.stateDir, "desk", "SOUL.md"), "utf8")).toBe("mine");
  });

  test("a file in its place is an error, skipBootstrap asks for no files", async () => {
    room.write("workspace", "a file");
    expect((await room.check("workspace")).findings).toMatchObject([
      { severity: "error", message: expect.stringContaining("not a directory") },
    ]);
    room.config(
      '{ gateway: { mode: "local", auth: { token: "a-token-of-twenty-characters" } }, agents: { defaults: { workspace: "./empty", skipBootstrap: true } } }',
    );
    mkdirSync(join(room.paths.stateDir, "empty"), { mode: 0o700 });
    expect((await room.check("workspace")).findings).toEqual([]);
  });
});
