import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { getAt, type LoadedConfig, loadConfig } from "@openclaw/core/config";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { channelManifests } from "./index.ts";

const seeds = join(import.meta.dirname, "fixtures/seeds");
const block = (name: string) => readFileSync(join(seeds, `${name}.json5`), "utf8");

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "openclaw-seeds-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Loads `openclaw.json` out of a directory that holds the given files. */
async function load(files: Record<string, string>, env: Record<string, string> = {}): Promise<LoadedConfig> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return loadConfig({ env, cwd: dir, homedir: dir, stateDir: dir, manifests: channelManifests });
}

const variables: Record<string, string[]> = {
  "003-13": ["VERCEL_GATEWAY_API_KEY", "OPENCLAW_GATEWAY_TOKEN"],
  "003-14": ["CUSTOM_API_BASE"],
  "003-80": ["MINIMAX_API_KEY"],
};

/** Blocks that use an older or alternative spelling, with every rewrite. All others are valid as they are. */
const rewritten: Record<string, string[]> = {
  "000-02": ["agent.workspace -> agents.defaults.workspace"],
  "000-03": ["agent.skipBootstrap -> agents.defaults.skipBootstrap"],
  "000-04": [
    "agent.model -> agents.defaults.model",
    "agent.workspace -> agents.defaults.workspace",
    "agent.thinkingDefault -> agents.defaults.thinkingDefault",
    "agent.timeoutSeconds -> agents.defaults.timeoutSeconds",
    "agent.heartbeat -> agents.defaults.heartbeat",
    "routing.groupChat -> messages.groupChat",
  ],
  "000-05": ["agent.heartbeat -> agents.defaults.heartbeat"],
  "001-07": ["models.defaults.model -> agents.defaults.model.primary"],
  "001-08": [
    "agents.mybot.defaults.model -> agents.list[0].model",
    "agents.expert.defaults.model -> agents.list[1].model",
  ],
  "001-09": [
    'models.aliases.fast -> agents.defaults.models["openai/gpt-4o-mini"]',
    'models.aliases.smart -> agents.defaults.models["anthropic/claude-3-5-sonnet-20250219"]',
    'models.aliases.local -> agents.defaults.models["ollama/llama3.2"]',
  ],
  "001-10": ["models.defaults.model -> agents.defaults.model.primary"],
  "001-12": ["models.defaults.model -> agents.defaults.model.primary"],
  "001-13": ["models.failover -> agents.defaults.model.primary", "models.failover -> agents.defaults.model.fallbacks"],
  "001-14": [
    "agents.reliable.defaults.model -> agents.list[0].model",
    "agents.reliable.models.failover -> agents.list[0].model.fallbacks",
  ],
  "001-15": [
    "models.defaults.model -> agents.defaults.model.primary",
    "models.failover -> agents.defaults.model.fallbacks",
  ],
  "001-16": [
    "gateway.remote.enabled -> gateway.mode",
    "gateway.remote.host -> gateway.remote.url",
    "gateway.remote.port -> ",
  ],
  "001-18": ["logging.verboseModels -> logging.modelPayloads"],
  "001-19": ["agents.mybot.workspace -> agents.list[0].workspace"],
  "001-21": ["automation.cron -> cron"],
  "003-57": ["agents.defaults.exec -> tools.exec"],
  "003-80": ["agent.model -> agents.defaults.model", "agent.models -> agents.defaults.models"],
  "004-01": ["agent.skipBootstrap -> agents.defaults.skipBootstrap"],
};

/** Blocks that are parts of a configuration: the section they stand for. */
const parts: Record<string, string[]> = {
  "003-04": ["agents"],
  "003-09": ["agents", "list"],
  "003-10": ["broadcast"],
};

/** Blocks about `$include`, told apart below. */
const including = ["003-03", "003-05", "003-06", "003-07", "003-08"];

const names = readdirSync(seeds).map((file) => file.replace(".json5", ""));

test("there are 125 blocks", () => expect(names).toHaveLength(125));

describe("every block of the seeds is valid, after the rewrites stated", () => {
  test.each(names.filter((name) => !including.includes(name)))("%s", async (name) => {
    const env = Object.fromEntries((variables[name] ?? []).map((variable) => [variable, "value"]));
    const part = parts[name];
    const files: Record<string, string> = part
      ? {
          "part.json5": block(name),
          "openclaw.json": JSON.stringify(
            part.reduceRight<unknown>((value, key) => ({ [key]: value }), { $include: "./part.json5" }),
          ),
        }
      : { "openclaw.json": block(name) };
    const { issues, rewrites } = await load(files, env);
    expect(issues).toEqual([]);
    expect(rewrites.map(({ from, to }) => `${from} -> ${to}`)).toEqual(rewritten[name] ?? []);
  });
});

describe("blocks that include other files mean what the seed says of them", () => {
  test("one file, and files merged in order", async () => {
    const loaded = await load({
      "openclaw.json": block("003-03"),
      "agents.json5": block("003-04"),
      "clients/mueller.json5": '{ "a@g.us": ["one"], "b@g.us": ["one"] }',
      "clients/schmidt.json5": '{ "b@g.us": ["two"] }',
    });
    expect(loaded.issues).toEqual([]);
    expect(getAt(loaded.config, ["agents", "list"])).toEqual([{ id: "main", workspace: "~/.openclaw/workspace" }]);
    expect(loaded.config.broadcast).toEqual({ strategy: "parallel", "a@g.us": ["one"], "b@g.us": ["one", "two"] });
  });

  test("keys beside $include win", async () => {
    const { authored } = await load({ "openclaw.json": block("003-05"), "base.json5": "{ a: 1, b: 2 }" });
    expect(authored).toEqual({ a: 1, b: 99 });
  });

  test("nested includes are relative to the file they stand in", async () => {
    const { issues, authored, includes } = await load({
      "openclaw.json": '{ $include: "./clients/mueller.json5" }',
      "clients/mueller.json5": block("003-06"),
      "clients/mueller/agents.json5": '{ list: [{ id: "m" }] }',
      "clients/mueller/broadcast.json5": block("003-10"),
    });
    expect(issues).toEqual([]);
    expect(authored).toEqual({
      agents: { list: [{ id: "m" }] },
      broadcast: { "120363403215116621@g.us": ["mueller-transcribe", "mueller-docs"] },
    });
    expect(includes).toHaveLength(3);
  });

  test("paths may be relative, absolute, or lead to a parent", async () => {
    const [relative, absolute, parent] = block("003-07").trim().split("\n");
    const body = "{ gateway: { port: 4242 } }";
    expect((await load({ "openclaw.json": relative!, "sub/config.json5": body })).config.gateway?.port).toBe(4242);
    const elsewhere = absolute!.replace("/etc/openclaw", join(dir, "etc"));
    expect((await load({ "openclaw.json": elsewhere, "etc/base.json5": body })).config.gateway?.port).toBe(4242);
    const below = await load({
      "state/openclaw.json": parent!,
      "shared/common.json5": body,
      "openclaw.json": '{ $include: "state/openclaw.json" }',
    });
    expect(below.config.gateway?.port).toBe(4242);
  });

  test("the seed's law firm: lists of several clients are put one after the other", async () => {
    const { issues, config } = await load({
      "openclaw.json": block("003-08"),
      "clients/mueller/agents.json5": block("003-09"),
      "clients/schmidt/agents.json5": '[{ id: "schmidt" }]',
      "clients/mueller/broadcast.json5": block("003-10"),
      "clients/schmidt/broadcast.json5": "{}",
    });
    expect(issues).toEqual([]);
    expect(config.agents?.list?.map(({ id }) => id)).toEqual(["mueller-transcribe", "mueller-docs", "schmidt"]);
  });
});

describe("older spellings mean what the canonical key means", () => {
  test.each([
    [
      "001-13",
      ["agents", "defaults", "model"],
      { primary: "anthropic/claude-3-5-sonnet-20250219", fallbacks: ["openai/gpt-4o", "google/gemini-2.0-flash-exp"] },
    ],
    ["001-15", ["agents", "defaults", "model"], { primary: "openai/gpt-nonexistent", fallbacks: ["openai/gpt-4o"] }],
    [
      "001-14",
      ["agents", "list"],
      [
        {
          id: "reliable",
          model: {
            primary: "anthropic/claude-3-5-sonnet-20250219",
            fallbacks: ["openai/gpt-4o", "google/gemini-2.0-flash-exp"],
          },
        },
      ],
    ],
    [
      "001-16",
      ["gateway"],
      { mode: "remote", remote: { url: "ws://your-vps.example.com:18789", token: "your-gateway-token" } },
    ],
    ["001-21", ["cron", "jobs", 0, "name"], "Rapport quotidien"],
    ["003-57", ["tools", "exec"], { backgroundMs: 10000, timeoutSec: 1800, cleanupMs: 1800000 }],
    ["000-04", ["messages", "groupChat", "mentionPatterns"], ["@openclaw", "openclaw"]],
  ])("%s %j", async (name, path, value) => {
    const { authored } = await load({ "openclaw.json": block(name) });
    expect(getAt(authored, path)).toEqual(value);
  });
});
