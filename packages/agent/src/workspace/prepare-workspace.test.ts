import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseIdentity } from "./identity.ts";
import { prepareWorkspace } from "./prepare-workspace.ts";
import { identityTemplate } from "./templates/index.ts";

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "workspace-"))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const prepare = (workspace: string, skipBootstrap = false) =>
  prepareWorkspace({ workspace, skipBootstrap, log: silentLog, env: process.env });

test("a new workspace gets its files, the first talk and a git repository", async () => {
  const dir = join(root, "deep", "workspace");
  const { created } = await prepare(dir);
  expect(created).toEqual([
    "AGENTS.md",
    "SOUL.md",
    "TOOLS.md",
    "IDENTITY.md",
    "USER.md",
    "HEARTBEAT.md",
    "BOOTSTRAP.md",
  ]);
  expect(existsSync(join(dir, ".git"))).toBe(true);
});

test("the first talk never comes back, a deleted file does", async () => {
  await prepare(root);
  rmSync(join(root, "BOOTSTRAP.md"));
  rmSync(join(root, "USER.md"));
  writeFileSync(join(root, "SOUL.md"), "mine");
  expect((await prepare(root)).created).toEqual(["USER.md"]);
  expect(readFileSync(join(root, "SOUL.md"), "utf8")).toBe("mine");
});

test("a workspace somebody has prepared has no first talk and no new repository", async () => {
  writeFileSync(join(root, "AGENTS.md"), "ours");
  await prepare(root);
  expect(readdirSync(root)).not.toContain("BOOTSTRAP.md");
  expect(readdirSync(root)).not.toContain(".git");
});

test("skipBootstrap creates the directory and nothing in it", async () => {
  const dir = join(root, "w");
  expect((await prepare(dir, true)).created).toEqual([]);
  expect(readdirSync(dir)).toEqual([]);
});

test("a path that cannot be a directory is refused with the key to change", async () => {
  writeFileSync(join(root, "file"), "");
  await expect(prepare(join(root, "file", "w"))).rejects.toMatchObject({
    code: "WORKSPACE_UNAVAILABLE",
    hint: expect.stringContaining("agents.defaults.workspace"),
  });
});

test("identity lines are read in the shapes people write them, hints are not values", () => {
  expect(
    parseIdentity("# Identity\n- **Name:** Ada\n* Emoji: 🦞\nvibe : calm\n**Avatar**: a.png\n- Name: Second"),
  ).toEqual({
    name: "Ada",
    emoji: "🦞",
    vibe: "calm",
    avatar: "a.png",
  });
  expect(parseIdentity(identityTemplate)).toEqual({});
});
