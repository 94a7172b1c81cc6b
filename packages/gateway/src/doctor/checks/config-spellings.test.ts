import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { basename, join } from "node:path";
import { loadConfig, readOver } from "@openclaw/core/config";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDoctorRoom, type DoctorRoom } from "../../../test/doctor-room.ts";
import { commentsOf } from "../comments.ts";

let room: DoctorRoom;
beforeEach(() => (room = createDoctorRoom()));
afterEach(() => room.dispose());

const onlySpellings = { fix: ["config-spellings"] } as const;

test("present names are written, comments move along, variables stay variables, a backup is kept", async () => {
  const text = `// mine
{
  agent: {
    model: "anthropic/claude-opus-4-5", // the big one
    /* a quiet
       desk */
    workspace: "./desk",
  },
  // where people write
  telegram: { botToken: "\${TELEGRAM_TOKEN}" },
}
`;
  room.config(text);
  room.write(".env", "TELEGRAM_TOKEN=123:secret-of-the-bot");
  const looked = await room.check("config-spellings");
  expect(looked.findings).toHaveLength(3);
  expect(looked.findings[0]).toMatchObject({
    severity: "warning",
    message: expect.stringContaining("openclaw.json:10:13 telegram is now channels.telegram"),
    fix: expect.any(String),
  });

  const fixed = await room.check("config-spellings", onlySpellings);
  expect(fixed).toMatchObject({ findings: [], fixed: [expect.stringContaining("openclaw.json")] });
  const written = room.readConfig();
  expect(written).toContain('botToken: "${TELEGRAM_TOKEN}"');
  expect(written).toMatch(/\/\/ the big one\n.*model: "anthropic\/claude-opus-4-5"/);
  for (const { text: comment } of commentsOf(text)) expect(written).toContain(comment);
  expect(written).toContain('lastTouchedVersion: "1.2.3"');
  expect(readFileSync(`${room.paths.configPath}.bak`, "utf8")).toBe(text);
});

test("several comments at one key stay together and in order, above it", async () => {
  room.config("{ agent: {\n  workspace: './desk',\n  // one\n  // two\n  model: 'x/y', // three\n} }");
  await room.look(onlySpellings);
  expect(room.readConfig()).toMatch(
    /workspace: ["']\.\/desk["'],\n *\/\/ one\n *\/\/ two\n *\/\/ three\n *model: ["']x\/y["']/,
  );
});

test("CRLF stays CRLF", async () => {
  room.config('{\r\n  // a\r\n  agent: {\r\n    model: "x/y", // b\r\n  },\r\n}\r\n');
  await room.look(onlySpellings);
  const written = room.readConfig();
  expect(written.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  expect(written).toContain("// b");
});

test("an older spelling in an included file is named, and left to a person", async () => {
  const included = room.write("agents.json5", "{ tools: { bash: { timeoutSec: 5 } } } // theirs");
  const text = '{ $include: "./agents.json5", gateway: { mode: "local" } }';
  room.config(text);
  const { findings } = await room.check("config-spellings", { fix: "all" });
  expect(findings[0]).toMatchObject({
    severity: "warning",
    message: expect.stringContaining(`${included}:1:`),
    hint: expect.stringContaining("by hand"),
  });
  expect(readFileSync(included, "utf8")).toContain("// theirs");
});

test("a spelling whose replacement would change the meaning is refused, with the change to make by hand", async () => {
  room.write("base.json5", '{ agents: { defaults: { workspace: "./from-include" } } }');
  const text = '{ $include: "./base.json5", agent: { workspace: "./old" } }';
  room.config(text);
  const { findings } = await room.check("config-spellings", onlySpellings);
  expect(findings[0]?.fixError).toContain("without changing what it means");
  expect(room.readConfig()).toBe(text);
});

describe("every block of the seeds that spells something the old way", async () => {
  const root = fileURLToPath(new URL("../../manifests/fixtures/seeds", import.meta.url));
  const { options, dispose } = createDoctorRoom();
  const blocks = [];
  for (const file of globSync(join(root, "*.json5")).toSorted()) {
    const text = readFileSync(file, "utf8");
    const loaded = await loadConfig({
      ...options,
      configPath: "/nowhere/openclaw.json",
      readFile: readOver([{ path: "/nowhere/openclaw.json", text }]),
      allowMissingEnv: true,
    });
    if (loaded.rewrites.length > 0 && loaded.includes.length === 0)
      blocks.push([basename(file), text, loaded] as const);
  }
  dispose();
  expect(blocks.length).toBeGreaterThan(15);

  test.each(blocks)("%s is written anew with the same meaning and all its comments", async (_name, text, loaded) => {
    room.config(text);
    const { fixed, findings } = await room.check("config-spellings", onlySpellings);
    expect(findings.flatMap(({ fixError }) => fixError ?? [])).toEqual([]);
    expect(fixed).toHaveLength(1);
    const after = await loadConfig({ ...room.options, configPath: room.paths.configPath, allowMissingEnv: true });
    const { meta: _before, ...meant } = loaded.authored;
    const { meta: _after, ...means } = after.authored;
    expect(means).toEqual(meant);
    expect(after.rewrites).toEqual([]);
    const left = commentsOf(room.readConfig())
      .map((comment) => comment.text)
      .toSorted();
    expect(left).toEqual(
      commentsOf(text)
        .map((comment) => comment.text)
        .toSorted(),
    );
  });
});
