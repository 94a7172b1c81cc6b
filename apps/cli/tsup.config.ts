import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "tsup";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

/**
 * The application is bundled from sources, the library packages included: one file for each command halves the start.
 * Heavy libraries stay outside and are loaded when they are first needed.
 */
export default defineConfig({
  entry: { bin: "src/bin.ts" },
  format: "esm",
  target: "node22",
  platform: "node",
  outDir: "dist",
  clean: true,
  dts: false,
  splitting: true,
  treeshake: true,
  minifySyntax: true,
  // `sqlite` exists only under its full name.
  removeNodeProtocol: false,
  define: { OPENCLAW_VERSION: JSON.stringify(version) },
  noExternal: [/^@openclaw\/(?!control-ui)/, "ws", "hono", "yargs"],
  external: ["@openclaw/control-ui", "@lydell/node-pty", "bufferutil", "utf-8-validate"],
  banner: {
    js: 'import{createRequire as __openclawRequire}from"node:module";const require=__openclawRequire(import.meta.url);',
  },
  esbuildPlugins: [
    {
      // Skills are read as files, so they lie beside the bundle, where the agent looks for them.
      name: "bundled-skills",
      setup({ initialOptions: { outdir = "dist" }, onEnd }) {
        const skills = fileURLToPath(new URL("../../packages/agent/skills", import.meta.url));
        onEnd(() => cpSync(skills, join(outdir, "skills"), { recursive: true }));
      },
    },
  ],
  esbuildOptions(options) {
    options.conditions = ["@openclaw/source", "module", "import", "node"];
    options.chunkNames = "chunks/[name]-[hash]";
    options.legalComments = "none";
    // Every command reads its files anew; names stay, for stack traces.
    options.minifyWhitespace = true;
    // yargs measures its help with it; see the file.
    options.alias = { "string-width": fileURLToPath(new URL("src/output/string-width.ts", import.meta.url)) };
  },
});
