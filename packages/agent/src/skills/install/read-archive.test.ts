import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeTar, makeTarGz, makeZip, type MadeEntry } from "../../../test/archives.ts";
import { readArchive } from "./read-archive.ts";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "archives-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

const kinds = [
  ["tar", makeTar],
  ["tar.gz", makeTarGz],
  ["zip", makeZip],
] as const;

describe.each(kinds)("a %s archive", (kind, make) => {
  const read = (entries: MadeEntry[], strip = 0) => readArchive(make(entries), kind, strip);

  it("gives its files with content and permission to run, leading directories left out", () => {
    const files = read(
      [
        { name: "tool-1.0/bin/tool", content: "run", mode: 0o755 },
        { name: "./tool-1.0/README", content: "read" },
        { name: "LICENSE", content: "gone" },
      ],
      1,
    );
    expect(files.map(({ path, content, executable }) => [path, Buffer.from(content).toString(), executable])).toEqual([
      ["bin/tool", "run", true],
      ["README", "read", false],
    ]);
  });

  it.each([
    "../../workspace/MEMORY.md",
    "a/../../b",
    "/etc/cron.d/x",
    "..\\..\\MEMORY.md",
    "C:\\x",
    "c:x",
    "a/b:stream",
    "\\\\server\\share",
  ])("is refused for %j", (name) => {
    expect(() =>
      read([
        { name: "fine", content: "x" },
        { name, content: "x" },
      ]),
    ).toThrowError(expect.objectContaining({ code: "SKILL_DOWNLOAD_REFUSED" }));
  });

  it("is refused for a link, and for one name twice", () => {
    expect(() =>
      read([
        { name: "up", type: "2" },
        { name: "up/MEMORY.md", content: "x" },
      ]),
    ).toThrow("is a link or a device");
    expect(() =>
      read([
        { name: "A", content: "x" },
        { name: "a", content: "y" },
      ]),
    ).toThrow("is in it twice");
  });

  it("is refused when damaged or cut off", () => {
    const bytes = make([{ name: "a", content: "x".repeat(3000) }]);
    expect(() => readArchive(bytes.subarray(0, bytes.length / 2), kind)).toThrow("The archive was not unpacked");
    expect(() => readArchive(Buffer.from("no archive at all".repeat(200)), kind)).toThrow(
      "The archive was not unpacked",
    );
  });
});

it("names of hostile entries reach no terminal as they are", () => {
  expect(() => readArchive(makeTar([{ name: "\u001b[2J/../x", content: "" }]), "tar")).toThrow(
    '"?[2J/../x" leads out of it',
  );
});

it("reads what GNU tar and pax write, long names included", () => {
  const long = `${"deep/".repeat(30)}${"n".repeat(90)}.txt`;
  mkdirSync(join(dir, "in", "deep/".repeat(30)), { recursive: true });
  writeFileSync(join(dir, "in", long), "content");
  for (const format of ["gnu", "pax", "ustar"]) {
    const tree = format === "ustar" ? "deep/deep" : ".";
    execFileSync("tar", [
      `--format=${format}`,
      "-czf",
      join(dir, "a.tgz"),
      "-C",
      join(dir, "in"),
      ...(format === "ustar" ? ["--exclude=n*"] : []),
      tree,
    ]);
    const files = readArchive(readFileSync(join(dir, "a.tgz")), "tar.gz");
    expect(files.map(({ path }) => path)).toEqual(format === "ustar" ? [] : [long]);
  }
});
