import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@openclaw/core";
import type { ToolContext } from "@openclaw/plugin-sdk/tool";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createHostFiles } from "../file-access.ts";
import { createApplyPatchTool } from "./apply-patch.ts";

let workspace: string;
beforeEach(() => (workspace = mkdtempSync(join(tmpdir(), "patch-"))));
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

const context = {
  sessionKey: "s",
  signal: new AbortController().signal,
  log: silentLog,
  update() {},
} as unknown as ToolContext;
async function patch(...lines: string[]): Promise<string> {
  const files = createHostFiles({ workspace, workspaceOnly: true, env: {} });
  const { content } = await createApplyPatchTool(() => files).execute({ input: lines.join("\n") }, context);
  return content[0]?.type === "text" ? content[0].text : "";
}
const put = (name: string, text: string) => writeFileSync(join(workspace, name), text);
const get = (name: string) => readFileSync(join(workspace, name), "utf8");

test("adds, changes, moves and deletes in one patch, and lists what it did", async () => {
  put("a.txt", "one\ntwo\nthree\n");
  put("old.txt", "x\ny\n");
  put("gone.txt", "bye\n");
  const done = await patch(
    "*** Begin Patch",
    "*** Add File: new/deep.txt",
    "+first",
    "+",
    "+third",
    "*** Update File: a.txt",
    "@@",
    " one",
    "-two",
    "+2",
    " three",
    "*** Update File: old.txt",
    "*** Move to: moved.txt",
    "@@",
    "-x",
    "+X",
    "*** Delete File: gone.txt",
    "*** End Patch",
  );
  expect(done).toBe("Done:\nA new/deep.txt\nM a.txt\nM moved.txt\nD gone.txt");
  expect(get("new/deep.txt")).toBe("first\n\nthird\n");
  expect(get("a.txt")).toBe("one\n2\nthree\n");
  expect(get("moved.txt")).toBe("X\ny\n");
  expect([existsSync(join(workspace, "old.txt")), existsSync(join(workspace, "gone.txt"))]).toEqual([false, false]);
});

test("the context after @@ chooses among equal places, several parts apply in order", async () => {
  put("f.py", "def a():\n    x = 1\ndef b():\n    x = 1\ndef c():\n    x = 1\n");
  await patch(
    "*** Begin Patch",
    "*** Update File: f.py",
    "@@ def b():",
    "-    x = 1",
    "+    x = 2",
    "@@ def c():",
    "-    x = 1",
    "+    x = 3",
    "*** End Patch",
  );
  expect(get("f.py")).toBe("def a():\n    x = 1\ndef b():\n    x = 2\ndef c():\n    x = 3\n");
});

test("lines match exactly, else without blanks at the end, around, or with plain punctuation", async () => {
  put("t.txt", "first  \n\tindented\nsay “hi” – now\n");
  await patch(
    "*** Begin Patch",
    "*** Update File: t.txt",
    "@@",
    "-first",
    "+FIRST",
    "@@",
    "-indented",
    "+INDENTED",
    "@@",
    '-say "hi" - now',
    "+bye",
    "*** End Patch",
  );
  expect(get("t.txt")).toBe("FIRST\nINDENTED\nbye\n");
});

test("the end of a file, additions without context, and line ends of Windows", async () => {
  put("e.txt", "a\nb\na\n");
  await patch("*** Begin Patch", "*** Update File: e.txt", "@@", "-a", "+z", "*** End of File", "*** End Patch");
  expect(get("e.txt")).toBe("a\nb\nz\n");
  await patch("*** Begin Patch", "*** Update File: e.txt", "+last", "*** End Patch");
  expect(get("e.txt")).toBe("a\nb\nz\nlast\n");
  put("w.txt", "a\r\nb\r\n");
  await patch("*** Begin Patch", "*** Update File: w.txt", " a", "-b", "+c", "*** End Patch");
  expect(get("w.txt")).toBe("a\r\nc\r\n");
});

test("a heredoc around it is tolerated", async () => {
  await patch("<<'EOF'", "*** Begin Patch", "*** Add File: h.txt", "+h", "*** End Patch", "EOF");
  await patch("apply_patch <<EOF", "*** Begin Patch", "*** Add File: i.txt", "+i", "*** End Patch", "EOF");
  expect(get("h.txt") + get("i.txt")).toBe("h\ni\n");
});

test("a part that does not fit changes nothing at all", async () => {
  put("a.txt", "one\n");
  await expect(
    patch(
      "*** Begin Patch",
      "*** Add File: b.txt",
      "+b",
      "*** Update File: a.txt",
      "@@",
      "-two",
      "+2",
      "*** End Patch",
    ),
  ).rejects.toThrow(/a\.txt does not have these lines.*\ntwo/s);
  expect(existsSync(join(workspace, "b.txt"))).toBe(false);
  for (const lines of [
    ["hello"],
    ["*** Begin Patch", "*** End Patch"],
    ["*** Begin Patch", "*** Add File: x", "no plus", "*** End Patch"],
    ["*** Begin Patch", "*** Update File: a.txt", "*** End Patch"],
    ["*** Begin Patch", "*** Update File: a.txt", "@@", "?what", "*** End Patch"],
    ["*** Begin Patch", "*** Rename File: a.txt", "*** End Patch"],
    ["*** Begin Patch", "*** Add File: x", "+x"],
  ]) {
    await expect(patch(...lines), lines.join("|")).rejects.toMatchObject({ code: "PATCH_SYNTAX" });
  }
});

test("no path of a patch leads out of the workspace", async () => {
  const outside = mkdtempSync(join(tmpdir(), "outside-"));
  writeFileSync(join(outside, "o.txt"), "o\n");
  put("in.txt", "i\n");
  for (const path of [`${outside}/o.txt`, `../${outside.split("/").at(-1)}/o.txt`, `/proc/self/root${outside}/o.txt`]) {
    for (const part of [
      [`*** Add File: ${path}`, "+x"],
      [`*** Delete File: ${path}`],
      [`*** Update File: ${path}`, "-o", "+x"],
      ["*** Update File: in.txt", `*** Move to: ${path}`, "-i", "+x"],
    ]) {
      await expect(patch("*** Begin Patch", ...part, "*** End Patch"), part[0]).rejects.toMatchObject({
        code: "PATH_OUTSIDE_WORKSPACE",
      });
    }
  }
  expect(readFileSync(join(outside, "o.txt"), "utf8")).toBe("o\n");
  rmSync(outside, { recursive: true });
});
