import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { build } from "vite";

/** Builds the page as it is published, into a directory of its own. */
export async function buildPage(): Promise<{ dist: string; remove: () => Promise<void> }> {
  const dist = await mkdtemp(join(tmpdir(), "control-ui-"));
  const before = process.env.NODE_ENV;
  // The test runner's own value would make it a development build.
  process.env.NODE_ENV = "production";
  await build({
    root: fileURLToPath(new URL("..", import.meta.url)),
    logLevel: "warn",
    build: { outDir: dist, emptyOutDir: true },
  });
  process.env.NODE_ENV = before;
  return { dist, remove: () => rm(dist, { recursive: true, force: true }) };
}

/** Debian's Chromium, or the one that `CHROMIUM_PATH` names; it makes no request of its own. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
