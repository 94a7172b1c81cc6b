import type { Options } from "tsup";

/** What every library package builds the same way: ESM for Node 22, one file per entry, types by tsc. */
export const library = (entry: Options["entry"]): Options => ({
  entry,
  format: "esm",
  target: "node22",
  outDir: "dist",
  clean: true,
  dts: false,
  splitting: true,
  treeshake: true,
});
