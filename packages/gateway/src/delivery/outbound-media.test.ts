import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resolveOutboundMedia } from "./outbound-media.ts";

let root: string;
let dir: string;
let mediaDir: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "outbound-media-"));
  dir = join(root, "workspace");
  mediaDir = join(root, "media");
  for (const path of [dir, mediaDir]) mkdirSync(path);
  writeFileSync(join(dir, "chart.png"), "picture");
  writeFileSync(join(root, "secret.txt"), "secret");
  writeFileSync(join(mediaDir, "voice.ogg"), "sound");
});
afterEach(() => rmSync(root, { recursive: true }));

const sent = (source: string, inside?: string) =>
  resolveOutboundMedia({
    source,
    workplace: { dir, ...(inside ? { inside } : {}) },
    mediaDir,
    maxBytes: 100,
    voice: false,
  });

test("files of the workspace and of the gateway's media are sent, others are not", async () => {
  expect(await sent("chart.png")).toMatchObject({ path: join(dir, "chart.png"), kind: "image", fileName: "chart.png" });
  expect(await sent(join(mediaDir, "voice.ogg"))).toMatchObject({ kind: "audio" });
  symlinkSync(join(root, "secret.txt"), join(dir, "link.txt"));
  for (const source of ["../secret.txt", join(root, "secret.txt"), "link.txt", "missing.png"]) {
    await expect(sent(source)).rejects.toMatchObject({ code: "MEDIA_REFUSED" });
  }
});

test("a sandboxed session sends from its own directory alone, by the name it knows it by", async () => {
  const media = await sent("/workspace/chart.png", "/workspace");
  expect(media).toMatchObject({ fileName: "chart.png", kind: "image" });
  symlinkSync(join(root, "secret.txt"), join(dir, "link.txt"));
  for (const source of [
    join(mediaDir, "voice.ogg"),
    join(root, "secret.txt"),
    "/workspace/../secret.txt",
    "link.txt",
    "/etc/hostname",
  ]) {
    await expect(sent(source, "/workspace")).rejects.toMatchObject({ code: "MEDIA_REFUSED" });
  }
});

test("what a sandboxed session sends is a copy: swapping the file afterwards changes nothing", async () => {
  const { path = "" } = (await sent("chart.png", "/workspace")) as { path?: string };
  rmSync(join(dir, "chart.png"));
  symlinkSync(join(root, "secret.txt"), join(dir, "chart.png"));
  expect(path.startsWith(join(mediaDir, "outbound"))).toBe(true);
  expect(readFileSync(path, "utf8")).toBe("picture");
});
