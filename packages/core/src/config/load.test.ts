import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadFiles } from "./corpus/report-of.ts";
import { loadConfig } from "./load.ts";
import { readOver } from "./loading/document.ts";

test("a missing file is a valid configuration of defaults", async () => {
  const { valid, exists, raw, config } = await loadFiles({});
  expect({ valid, exists, raw }).toEqual({ valid: true, exists: false, raw: "" });
  expect(config.gateway).toMatchObject({ port: 18789, bind: "loopback", reload: { mode: "hybrid", debounceMs: 300 } });
  expect(config.agents?.defaults).toMatchObject({
    maxConcurrent: 1,
    timeoutSeconds: 600,
    contextPruning: { mode: "adaptive" },
    compaction: { mode: "default", reserveTokensFloor: 20_000 },
  });
  expect(config.gateway?.mode).toBeUndefined();
  expect(config.channels).toEqual({ defaults: { groupPolicy: "allowlist" } });
});

test("defaults reach the sections that are there and never lists, maps or accounts", async () => {
  const { config, authored } = await loadFiles(
    "{ channels: { chat: { accounts: { a: {} } } }, agents: { list: [{ id: 'a', sandbox: {} }] } }",
  );
  expect(config.channels?.chat).toEqual({ dmPolicy: "pairing", retry: { attempts: 3 }, accounts: { a: {} } });
  expect(config.agents?.list).toEqual([{ id: "a", sandbox: {} }]);
  expect(authored).toEqual({
    channels: { chat: { accounts: { a: {} } } },
    agents: { list: [{ id: "a", sandbox: {} }] },
  });
});

test("the hash is of the text as it stands in the file", async () => {
  const { hash, raw, parsed } = await loadFiles("{ ui: {} } // é\n");
  expect(raw).toBe("{ ui: {} } // é\n");
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(parsed).toEqual({ ui: {} });
});

test("warnings do not refuse", async () => {
  const { valid, warnings } = await loadFiles(`{
    agents: { list: [{ id: 'a', default: true }, { id: 'b', default: true }] },
    bindings: [{ agentId: 'c', match: { channel: 'chat' } }],
    messages: { groupChat: { mentionPatterns: ['('] } },
    bridge: { enabled: true },
  }`);
  expect(valid).toBe(true);
  expect(warnings.map(({ line, path }) => `${line} ${path}`)).toEqual([
    "2 agents.list[1].default",
    "3 bindings[0].agentId",
    "4 messages.groupChat.mentionPatterns[0]",
    "5 bridge",
  ]);
});

describe("${VAR}", () => {
  const token = (text: string) => `{ gateway: { auth: { token: ${JSON.stringify(text)} } } }`;

  test.each([
    ["${A}", "one"],
    ["x${A}y${B}z", "xoneytwoz"],
    ["$${A}", "${A}"],
    ["$${A} ${A}", "${A} one"],
    ["${lower} $A ${A", "${lower} $A ${A"],
    ["${INNER}", "${A}"],
  ])("%s is %s", async (text, value) => {
    const { config, issues } = await loadFiles(token(text), { env: { A: "one", B: "two", INNER: "${A}" } });
    expect(issues).toEqual([]);
    expect(config.gateway?.auth?.token).toBe(value);
  });

  test("works in included files, but not in keys", async () => {
    const { config } = await loadFiles(
      { "openclaw.json": '{ env: { $include: "./e.json5" } }', "e.json5": '{ vars: { "${A}": "${A}" } }' },
      { env: { A: "one" } },
    );
    expect(config.env?.vars).toEqual({ "${A}": "one" });
  });
});

describe("the environment", () => {
  const config =
    "{ env: { FROM_CONFIG: 'config', BOTH: 'config', REF: '${FROM_CWD}!', vars: { FROM_VARS: 'vars', OWN: 'config' } } }";

  test("process first, then .env of the working directory, then .env of the state directory, then the configuration", async () => {
    const { env } = await loadFiles(
      { "openclaw.json": config, ".env": "FROM_CWD=cwd\nBOTH=dotenv\nOWN=dotenv\n" },
      { env: { OWN: "process" } },
    );
    expect(env).toEqual({
      OWN: "process",
      FROM_CWD: "cwd",
      BOTH: "dotenv",
      FROM_CONFIG: "config",
      FROM_VARS: "vars",
      REF: "cwd!",
    });
  });

  test("a variable that the configuration sets may be used in the configuration", async () => {
    const { config: loaded, issues } = await loadFiles("{ env: { KEY: 'k' }, gateway: { auth: { token: '${KEY}' } } }");
    expect(issues).toEqual([]);
    expect(loaded.gateway?.auth?.token).toBe("k");
  });

  const shell = (dir: string, body: string) => {
    mkdirSync(join(dir, "bin"));
    writeFileSync(join(dir, "bin/shell"), `#!/bin/sh\n${body}\n`);
    chmodSync(join(dir, "bin/shell"), 0o700);
    writeFileSync(join(dir, ".env"), `SHELL=${join(dir, "bin/shell")}\n`);
  };
  const wanted = "{ env: { shellEnv: { enabled: true, timeoutMs: 5000 } } }";

  test("the login shell adds expected variables that are missing, and no others", async () => {
    const { env, notes } = await loadFiles(wanted, {
      prepare: (dir) => shell(dir, "printf 'OPENAI_API_KEY=k\\0CHAT_TOKEN=t=1\\0OTHER=x\\0'"),
    });
    expect(notes).toEqual([]);
    expect(env).toMatchObject({ OPENAI_API_KEY: "k", CHAT_TOKEN: "t=1" });
    expect(env.OTHER).toBeUndefined();
  });

  test("the login shell is left alone when an expected variable is set", async () => {
    const { env } = await loadFiles(wanted, {
      env: { CHAT_TOKEN: "set" },
      prepare: (dir) => shell(dir, "printf 'OPENAI_API_KEY=k\\0'"),
    });
    expect(env.OPENAI_API_KEY).toBeUndefined();
  });

  test("a login shell that hangs is given up after the timeout", async () => {
    const { valid, notes } = await loadFiles(wanted.replace("5000", "100"), {
      prepare: (dir) => shell(dir, "exec sleep 30"),
    });
    expect(valid).toBe(true);
    expect(notes).toEqual([expect.stringContaining("took longer than 100 ms")]);
  });

  test("OPENCLAW_LOAD_SHELL_ENV asks for it too", async () => {
    const { env } = await loadFiles("{}", {
      env: { OPENCLAW_LOAD_SHELL_ENV: "1" },
      prepare: (dir) => shell(dir, "printf 'GROQ_API_KEY=k\\0'"),
    });
    expect(env.GROQ_API_KEY).toBe("k");
  });
});

test("a place in an older spelling or an included file is found under its canonical path", async () => {
  const { locate, dir } = await loadFiles({
    "openclaw.json": "{\n  agent: {\n    model: 'a/b',\n  },\n  gateway: { $include: './g.json5' },\n}",
    "g.json5": "{\n  port: 5 }",
  });
  expect(locate(["agents", "defaults", "model"])).toEqual({ file: join(dir, "openclaw.json"), line: 3, column: 12 });
  expect(locate(["gateway", "port"], true)).toEqual({ file: join(dir, "g.json5"), line: 2, column: 3 });
});

test("a change can be tried before it is written", async () => {
  const { dir, path, valid } = await loadFiles("{}");
  expect(valid).toBe(true);
  const tried = await loadConfig({
    env: {},
    cwd: dir,
    stateDir: dir,
    manifests: [],
    readFile: readOver([{ path, text: "{ gateway: { port: 'x' } }" }]),
  });
  expect(tried.issues.map((issue) => issue.path)).toEqual(["gateway.port"]);
});

test("a long text in the wrong place is not repeated, for it may be a secret", async () => {
  const { issues } = await loadFiles(
    "{ gateway: { auth: { mode: 'sk-0123456789abcdef0123' }, port: 'sk-0123456789abcdef0123' } }",
  );
  expect(issues).toHaveLength(2);
  expect(JSON.stringify(issues)).not.toContain("0123456789");
});

test("a list beside $include replaces the included one, and lists of several files are put together", async () => {
  const base = { "a.json5": "{ allowFrom: ['1'] }", "b.json5": "{ allowFrom: ['2'] }" };
  const beside = await loadFiles({
    ...base,
    "openclaw.json": "{ channels: { chat: { $include: './a.json5', allowFrom: ['3'] } } }",
  });
  expect(beside.config.channels.chat?.allowFrom).toEqual(["3"]);
  const both = await loadFiles({
    ...base,
    "openclaw.json": "{ channels: { chat: { $include: ['./a.json5', './b.json5'] } } }",
  });
  expect(both.config.channels.chat?.allowFrom).toEqual(["1", "2"]);
});
