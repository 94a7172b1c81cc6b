import { defineConfig } from "vitest/config";

// Sources are run as they are: the private export condition leads every workspace import to src/.
const conditions = ["@openclaw/source", "module", "node", "development|production"];
const resolve = { conditions };
const shared = { resolve, ssr: { resolve } };

export default defineConfig({
  test: {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    globalSetup: ["scripts/vitest-setup.mjs"],
    reporters: process.env.VITEST_JSON ? ["default", "json"] : ["default"],
    ...(process.env.VITEST_JSON ? { outputFile: { json: process.env.VITEST_JSON } } : {}),
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          include: ["{packages,apps,extensions}/*/{src,test}/**/*.test.{ts,tsx}", "scripts/**/*.test.mjs"],
          exclude: ["**/*.e2e.test.ts", "**/node_modules/**"],
          testTimeout: 15_000,
        },
      },
      {
        ...shared,
        test: {
          name: "e2e",
          include: ["{packages,apps,extensions,examples,bench}/**/*.e2e.test.ts"],
          exclude: ["**/node_modules/**"],
          testTimeout: 90_000,
          hookTimeout: 90_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
