import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hashOf } from "../hash.ts";
import { writeConfigFile } from "./write-file.ts";

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "openclaw-write-"));
  path = join(dir, "openclaw.json");
});
afterEach(() => rmSync(dir, { recursive: true }));

const read = (name: string) => readFileSync(join(dir, name), "utf8");
const mode = (name: string) => (statSync(join(dir, name)).mode & 0o777).toString(8);

test("keeps the last five texts, newest first, all readable by the owner alone", () => {
  for (let n = 0; n <= 7; n++) writeConfigFile({ path, text: `{ n: ${n} }` });
  expect(readdirSync(dir).toSorted()).toEqual([
    "openclaw.json",
    "openclaw.json.bak",
    "openclaw.json.bak.1",
    "openclaw.json.bak.2",
    "openclaw.json.bak.3",
    "openclaw.json.bak.4",
  ]);
  expect([".bak", ".bak.1", ".bak.2", ".bak.3", ".bak.4"].map((suffix) => read(`openclaw.json${suffix}`))).toEqual(
    [6, 5, 4, 3, 2].map((n) => `{ n: ${n} }`),
  );
  for (const name of readdirSync(dir)) expect(mode(name)).toBe("600");
});

test("the same text again is no change and no backup", () => {
  writeConfigFile({ path, text: "{}" });
  expect(writeConfigFile({ path, text: "{}" })).toMatchObject({ written: false });
  expect(readdirSync(dir)).toEqual(["openclaw.json"]);
});

test("refuses when the file is not the one the change was made from", () => {
  writeConfigFile({ path, text: "{ a: 1 }" });
  const baseHash = hashOf("{ a: 1 }");
  writeFileSync(path, "{ a: 2 }");
  expect(() => writeConfigFile({ path, text: "{ a: 3 }", baseHash })).toThrow(
    expect.objectContaining({ code: "CONFIG_CHANGED" }),
  );
  expect(read("openclaw.json")).toBe("{ a: 2 }");
  expect(writeConfigFile({ path, text: "{ a: 3 }", baseHash: hashOf("{ a: 2 }") })).toMatchObject({
    written: true,
    hash: hashOf("{ a: 3 }"),
  });
});

test("follows a symbolic link instead of replacing it", () => {
  writeFileSync(join(dir, "real.json"), "{}");
  symlinkSync(join(dir, "real.json"), path);
  writeConfigFile({ path, text: "{ a: 1 }" });
  expect(read("real.json")).toBe("{ a: 1 }");
  expect(read("real.json.bak")).toBe("{}");
});

test("makes missing directories, for the owner alone", () => {
  writeConfigFile({ path: join(dir, "a/b/openclaw.json"), text: "{}" });
  expect(mode("a")).toBe("700");
  expect(mode("a/b")).toBe("700");
});

test("says which file could not be written", () => {
  writeFileSync(join(dir, "file"), "");
  expect(() => writeConfigFile({ path: join(dir, "file/openclaw.json"), text: "{}" })).toThrow(
    expect.objectContaining({ code: "CONFIG_WRITE", message: expect.stringContaining("file/openclaw.json") as string }),
  );
});
