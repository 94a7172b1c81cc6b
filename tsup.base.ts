import { readFileSync } from "node:fs";
import type { Options } from "tsup";

interface Manifest {
  exports: Record<string, string | Record<string, string>>;
}

/** What every library package builds the same way: each public entry of its manifest as ESM for Node 22; types by tsc. */
export function library(): Options {
  const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
  const sources = Object.values(exports).flatMap((entry) =>
    typeof entry === "string" ? [] : [entry["@openclaw/source"] ?? ""],
  );
  return {
    entry: Object.fromEntries(sources.filter(Boolean).map((file) => [file.replace(/^\.\/src\/|\.ts$/g, ""), file])),
    format: "esm",
    target: "node22",
    outDir: "dist",
    clean: true,
    dts: false,
    splitting: true,
    treeshake: true,
    // `sqlite` exists only under its full name.
    removeNodeProtocol: false,
  };
}
