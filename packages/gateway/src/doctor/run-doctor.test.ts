import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDoctorRoom, type DoctorRoom, HEALTHY } from "../../test/doctor-room.ts";
import { doctorChecks, runDoctor } from "./index.ts";

let room: DoctorRoom;
beforeEach(() => (room = createDoctorRoom()));
afterEach(() => room.dispose());

/** Everything that a fix exists for, at once. */
function makeAMess(): void {
  room.config("{\n  // who answers\n  agent: { workspace: './desk' /* mine */ },\n}\n");
  room.write(".env", "OPENAI_API_KEY=sk-canary-0123456789", 0o644);
  room.write("sessions/sessions.json", '{ "agent:main:main": { "sessionId": "old", "updatedAt": 1 } }');
  room.write("sessions/old.jsonl", '{"type":"session","version":3,"id":"old"}\n{"type":"message"}\n');
  room.write("agent/auth-profiles.json", '{ "version": 1, "profiles": {} }');
  room.write("credentials/creds.json", '{ "me": {} }', 0o644);
  room.write("credentials/pre-key-1.json", "{}");
  room.write("credentials/telegram-allowFrom.json", '{ "version": 1, "allowFrom": [] }');
  mkdirSync(room.paths.lockDir, { mode: 0o700 });
  room.write("exec-approvals.json", '{ "version": 1 }', 0o666);
}

test("looking changes nothing: no file, no mode, no lock, no side file of a database", async () => {
  makeAMess();
  const before = room.tree();
  const report = await room.look();
  expect(report.ok).toBe(false);
  expect(room.tree()).toBe(before);
});

test("--fix repairs what it says it can, and a second time finds nothing to do", async () => {
  makeAMess();
  const first = await room.look({ fix: "all" });
  expect(first.checks.filter(({ fixed }) => fixed.length > 0).map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      "config-spellings",
      "gateway-mode",
      "gateway-auth",
      "legacy-state",
      "legacy-whatsapp",
      "workspace",
      "permissions",
    ]),
  );
  expect(first).toMatchObject({ ok: true, errors: 0, warnings: 0 });
  expect(first.checks.flatMap(({ findings }) => findings.flatMap(({ fix }) => fix ?? []))).toEqual([]);
  const after = room.tree();
  expect(await room.look({ fix: "all" })).toMatchObject({ fixed: 0, ok: true });
  expect(room.tree()).toBe(after);
});

test("a healthy installation has nothing to complain of, and one that is not there yet neither", async () => {
  expect(await room.look()).toMatchObject({ ok: true, errors: 0, warnings: 0 });
  room.config(HEALTHY);
  expect(await room.look()).toMatchObject({ ok: true, errors: 0, warnings: 0 });
});

test.each([
  ["cut off", '{ gateway: { mode: "lo'],
  ["of the wrong shape", "[1, 2]"],
  ["full of wrong types", '{ gateway: 7, agents: "all", channels: { telegram: 3 }, session: [] }'],
  ["with zero bytes", "{\0}"],
])("an invalid configuration, %s, keeps no check from its work, and --fix leaves it alone", async (_, text) => {
  room.config(text);
  room.write("exec-approvals.json", "{", 0o644);
  const report = await room.look({ fix: "all" });
  expect(report.checks.map(({ id }) => id)).toEqual(doctorChecks.map(({ id }) => id));
  expect(report.checks.find(({ id }) => id === "config-valid")?.findings[0]).toMatchObject({
    severity: "error",
    message: expect.stringContaining("openclaw.json:"),
  });
  expect(report.checks.find(({ id }) => id === "exec-approvals")?.findings[0]?.message).toContain("not valid JSON");
  expect(
    report.checks
      .flatMap(({ findings }) => findings)
      .filter(({ message }) => message.startsWith("This could not be looked at")),
  ).toEqual([]);
  expect(report.checks.find(({ id }) => id === "gateway-auth")).toMatchObject({ skipped: true, findings: [] });
  expect(room.readConfig()).toBe(text);
});

test("paths that cannot be read are findings, not failures", async () => {
  room.config(HEALTHY);
  for (const name of [
    "exec-approvals.json",
    "openclaw.sqlite",
    ".env",
    "agents/main/sessions/sessions.json",
    "agents/main/agent/auth-profiles.json",
    "credentials/oauth.json",
  ]) {
    mkdirSync(join(room.paths.stateDir, name), { recursive: true, mode: 0o700 });
  }
  symlinkSync("loop", join(room.paths.stateDir, "agents", "loop"));
  const report = await room.look({ fix: "all" });
  const findings = (id: string) =>
    report.checks
      .find((check) => check.id === id)
      ?.findings.map(({ message }) => message)
      .join("\n");
  expect(findings("exec-approvals")).toContain("EISDIR");
  expect(findings("store")).toContain("cannot be read");
  expect(findings("sessions")).toContain("sessions.json cannot be read");
  expect(findings("auth-profiles")).toContain("EISDIR");
});

test("a check that fails itself says so, and the others go on", async () => {
  const broken = {
    id: "broken",
    group: "machine" as const,
    title: "Broken",
    run: () => Promise.reject(new Error("boom")),
  };
  const report = await runDoctor({ ...room.options, checks: [broken, ...doctorChecks.slice(0, 1)] });
  expect(report.checks[0]?.findings).toEqual([{ severity: "error", message: "This could not be looked at: boom" }]);
  expect(report.checks).toHaveLength(2);
});

test("a fix that fails is told with its reason, and its finding stays", async () => {
  const fix = { summary: "Mends it.", apply: () => Promise.reject(new Error("the disk is full")) };
  const stuck = {
    id: "stuck",
    group: "machine" as const,
    title: "Stuck",
    run: () => [{ severity: "error" as const, message: "It is broken.", fix }],
  };
  const report = await runDoctor({ ...room.options, checks: [stuck], fix: "all" });
  expect(report).toMatchObject({
    ok: false,
    fixed: 0,
    checks: [{ findings: [{ message: "It is broken.", fixError: "the disk is full" }] }],
  });
});

test("no secret is in a report", async () => {
  makeAMess();
  room.config(
    '{ gateway: { mode: "local", auth: { token: "canary-token" } }, channels: { telegram: { botToken: "canary-not-a-token" } } }',
  );
  expect(JSON.stringify(await room.look())).not.toMatch(/canary-/);
});

test("ids are unique and plain, and docs/doctor.md has a row for each, in the same order", () => {
  const ids = doctorChecks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  const page = readFileSync(new URL("../../../../docs/doctor.md", import.meta.url), "utf8");
  expect([...page.matchAll(/^\| `([a-z][a-z-]+)` \|/gm)].map(([, id]) => id)).toEqual(ids);
});
