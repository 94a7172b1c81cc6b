import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import type { Tool, ToolContext } from "@openclaw/plugin-sdk/tool";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createEditTool } from "./edit.ts";
import { createHostFiles } from "./file-access.ts";
import { createReadTool } from "./read.ts";
import { resolveToolPath, type ToolPathPolicy } from "./tool-path.ts";
import { createWriteTool } from "./write.ts";

let workspace: string;
let policy: ToolPathPolicy;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "files-"));
  policy = { workspace, workspaceOnly: true, env: { HOME: "/home/nobody" } };
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

const context: ToolContext = {
  toolCallId: "c",
  agentId: "main",
  sessionKey: "agent:main:main",
  workspace: "",
  signal: new AbortController().signal,
  update() {},
  log: silentLog,
};

async function call<Params>(tool: Tool<Params>, params: Params): Promise<string> {
  const { content } = await tool.execute(params, context);
  return content.map((part) => (part.type === "text" ? part.text : `<${part.mimeType}>`)).join("\n");
}

const inside = (name: string) => join(workspace, name);

test("read shows lines from offset to limit and says how to go on", async () => {
  writeFileSync(inside("a.txt"), "1\n2\n3\n4\n5\n");
  const read = createReadTool(() => createHostFiles(policy));
  expect(await call(read, { path: "a.txt" })).toBe("1\n2\n3\n4\n5");
  expect(await call(read, { path: "a.txt", offset: 2, limit: 2 })).toBe(
    "2\n3\n\n[Lines 2-3 of 5. Read on with offset 4.]",
  );
  await expect(call(read, { path: "a.txt", offset: 9 })).rejects.toThrow(/has 5 lines/);
});

test("read cuts what is too long and the rest can be read on", async () => {
  writeFileSync(inside("long.txt"), Array.from({ length: 5000 }, (_, i) => `line ${i} ${"x".repeat(30)}`).join("\n"));
  const read = createReadTool(() => createHostFiles(policy));
  let offset = 1;
  let pages = 0;
  for (; pages < 20; pages++) {
    const text = await call(read, { path: "long.txt", offset });
    expect(text.length).toBeLessThan(51_000);
    const next = /offset (\d+)\.\]$/.exec(text)?.[1];
    if (!next) break;
    offset = Number(next);
  }
  expect(pages).toBeGreaterThan(1);
  expect(offset).toBeGreaterThan(3000);
});

test("read gives images as images and refuses other binaries, directories and large files", async () => {
  writeFileSync(inside("p.png"), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0]));
  writeFileSync(inside("b.bin"), Buffer.from([1, 0, 2]));
  writeFileSync(inside("huge.png"), Buffer.alloc(5 * 1024 * 1024 + 1));
  const read = createReadTool(() => createHostFiles(policy));
  expect(await call(read, { path: "p.png" })).toContain("<image/png>");
  await expect(call(read, { path: "b.bin" })).rejects.toThrow(/not a text file/);
  await expect(call(read, { path: "." })).rejects.toThrow(/is a directory/);
  await expect(call(read, { path: "huge.png" })).rejects.toThrow(/limit is/);
  await expect(call(read, { path: "nope.txt" })).rejects.toThrow(/does not exist/);
});

test("write makes directories, keeps the mode and follows a link instead of replacing it", async () => {
  const write = createWriteTool(() => createHostFiles(policy));
  await call(write, { path: "a/b/c.txt", content: "x" });
  expect(readFileSync(inside("a/b/c.txt"), "utf8")).toBe("x");
  chmodSync(inside("a/b/c.txt"), 0o700);
  symlinkSync(inside("a/b/c.txt"), inside("link"));
  await call(write, { path: "link", content: "y" });
  expect(readFileSync(inside("a/b/c.txt"), "utf8")).toBe("y");
  expect(statSync(inside("a/b/c.txt")).mode & 0o777).toBe(0o700);
});

test("edit replaces exactly one place, or says why not", async () => {
  const edit = createEditTool(() => createHostFiles(policy));
  writeFileSync(inside("f.ts"), "const a = 1;\nconst  b = 2;\nconst a2 = 1;\n");
  await call(edit, { path: "f.ts", old_text: "a = 1;\n", new_text: "a = $& 5;\n" });
  expect(readFileSync(inside("f.ts"), "utf8")).toBe("const a = $& 5;\nconst  b = 2;\nconst a2 = 1;\n");
  await expect(call(edit, { path: "f.ts", old_text: "const", new_text: "let" })).rejects.toMatchObject({
    code: "EDIT_NOT_UNIQUE",
  });
  await expect(call(edit, { path: "f.ts", old_text: "const b = 2;", new_text: "x" })).rejects.toMatchObject({
    code: "EDIT_NOT_FOUND",
    hint: expect.stringContaining("Line 2 is close"),
  });
  await call(edit, { path: "f.ts", old_text: "const", new_text: "let", replace_all: true });
  expect(readFileSync(inside("f.ts"), "utf8")).not.toContain("const");
});

test("edit keeps the line ends of a Windows file", async () => {
  writeFileSync(inside("w.txt"), "a\r\nb\r\nc\r\n");
  await call(
    createEditTool(() => createHostFiles(policy)),
    { path: "w.txt", old_text: "a\nb", new_text: "x\ny" },
  );
  expect(readFileSync(inside("w.txt"), "utf8")).toBe("x\r\ny\r\nc\r\n");
});

test("the guard refuses every way out of the workspace", () => {
  const outside = mkdtempSync(join(tmpdir(), "outside-"));
  symlinkSync(outside, inside("door"));
  symlinkSync("/etc/passwd", inside("secret"));
  const ways = [
    "../x",
    "/etc/passwd",
    "~/x",
    "a/../../x",
    "door/new.txt",
    "door",
    "secret",
    `${workspace}-other/x`,
    "",
    "a\0b",
  ];
  for (const way of ways)
    expect(() => resolveToolPath(way, policy), way).toThrow(/outside the workspace|empty or holds/);
  for (const way of ["x", "a/b/../c", ".", "..hidden", workspace])
    expect(resolveToolPath(way, policy)).toContain(workspace);
  rmSync(outside, { recursive: true });
});

test("credentials are out of reach even where the whole machine is open, links included", () => {
  const vault = inside("state/credentials");
  mkdirSync(vault, { recursive: true });
  symlinkSync(vault, inside("shortcut"));
  const open: ToolPathPolicy = { ...policy, workspaceOnly: false, forbidden: [vault] };
  expect(resolveToolPath("/etc/hostname", open)).toBe("/etc/hostname");
  for (const way of ["state/credentials/x.json", "shortcut/x.json", "state/credentials"]) {
    expect(() => resolveToolPath(way, open), way).toThrow(/credentials/);
  }
});
