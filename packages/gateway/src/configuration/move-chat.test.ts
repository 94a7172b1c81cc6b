import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import { loadConfig } from "@openclaw/core/config";
import { resolvePaths } from "@openclaw/core/paths";
import { afterEach, beforeEach, expect, test } from "vitest";
import { channelManifests } from "../manifests/index.ts";
import { createConfigEditor } from "./config-editor.ts";
import { moveChat } from "./move-chat.ts";

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "move-chat-"))));
afterEach(() => rmSync(dir, { recursive: true }));

/** Moves -5 to -1005 in a configuration file and returns its text afterwards. */
async function moved(text: string): Promise<string> {
  const paths = resolvePaths({ env: { OPENCLAW_STATE_DIR: dir }, homedir: dir, tmpdir: dir });
  writeFileSync(paths.configPath, text);
  const read = () => loadConfig({ env: {}, cwd: dir, paths, manifests: channelManifests });
  const editor = createConfigEditor(
    { paths, manifests: channelManifests, homedir: dir, version: "0.0.0", env: () => ({}), read },
    () => 0,
  );
  await moveChat(
    editor,
    (await read()).config,
    { channel: "telegram", account: "default", from: "-5", to: "-1005" },
    silentLog,
  );
  return readFileSync(paths.configPath, "utf8");
}

test("a chat's rules and bindings follow it to its new id, comments kept", async () => {
  const text = await moved(`{
  channels: { telegram: { botToken: "1:none", groups: { "*": {}, "-5": { requireMention: false } } } }, // my family
  agents: { list: [{ id: "main" }] },
  bindings: [{ agentId: "main", match: { channel: "telegram", peer: { kind: "group", id: "-5" } } }],
}`);
  expect(text).toContain("// my family");
  expect(text).toContain('"-1005": { requireMention: false }');
  expect(text).toMatch(/id: "-1005"/);
  expect(text).not.toContain('"-5"');
});

test("with configWrites off nothing is written", async () => {
  const text = '{ channels: { telegram: { botToken: "1:none", configWrites: false, groups: { "-5": {} } } } }';
  expect(await moved(text)).toBe(text);
});

test("rules that stand under the new id already win", async () => {
  const text =
    '{ channels: { telegram: { botToken: "1:none", groups: { "-5": {}, "-1005": { requireMention: false } } } } }';
  expect(await moved(text)).toBe(text);
});
