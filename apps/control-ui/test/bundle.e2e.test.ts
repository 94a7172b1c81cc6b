import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { buildPage } from "./browser.ts";

/** All scripts together, gzip, in kB. React alone is about 60. */
const budget = 130;

test("the page stays within its budget and asks for nothing but its own files", async () => {
  const { dist, remove } = await buildPage();
  try {
    const files = await readdir(join(dist, "assets"));
    const scripts = await Promise.all(
      files.filter((name) => name.endsWith(".js")).map((name) => readFile(join(dist, "assets", name))),
    );
    expect(scripts.reduce((sum, script) => sum + gzipSync(script).length, 0) / 1000).toBeLessThan(budget);

    const html = await readFile(join(dist, "index.html"), "utf8");
    expect(html).toContain("<!--openclaw-bootstrap-->");
    expect(html.indexOf("<!--openclaw-bootstrap-->")).toBeLessThan(html.indexOf("./assets/"));
    for (const [, address] of html.matchAll(/(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^\.\//);
    expect(html).not.toMatch(/<style|style=|<script(?![^>]*\ssrc=)/);
  } finally {
    await remove();
  }
});
