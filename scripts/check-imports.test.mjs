import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { checkImports, readImports } from "./check-imports.mjs";

const roots = [];
afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true })));

function check(files) {
  const root = mkdtempSync(join(tmpdir(), "imports-"));
  roots.push(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return checkImports(root);
}

test.each([
  ["packages/core/src/a.ts", 'import { x } from "@openclaw/protocol";', /may not import @openclaw\/protocol/],
  ["packages/channel-x/src/a.ts", 'import type { x } from "@openclaw/core";', /may not import @openclaw\/core/],
  ["packages/channel-x/src/a.ts", 'import { x } from "@openclaw/channel-y";', /through the catalog/],
  ["packages/gateway/src/a.ts", 'const x = await import("@openclaw/channel-y");', /through the catalog/],
  ["packages/agent/src/a.ts", 'import { x } from "@openclaw/gateway";', /may not import @openclaw\/gateway/],
  ["packages/agent/src/a.ts", 'import { x } from "@openclaw/core/src/b.ts";', /deep import/],
  ["packages/agent/src/a.ts", 'import { x } from "../../core/src/b.ts";', /leaves the package/],
  ["packages/protocol/src/a.ts", 'import { x } from "node:fs";', /browsers/],
  ["packages/gateway/src/a.ts", 'import { x } from "openclaw";', /nothing imports apps/],
  ["packages/gateway/src/a.ts", 'export { x } from "@openclaw/testkit";', /outside a test/],
  ["packages/surprise/src/a.ts", 'import "node:fs";', /no import rule/],
])("%s with %s is refused", (file, text, message) => {
  expect(check({ [file]: text }).join("\n")).toMatch(message);
});

test("an import cycle is refused, even of types", () => {
  const errors = check({
    "packages/core/src/a.ts": 'import type { B } from "./b.ts";',
    "packages/core/src/b.ts": 'export type { A } from "./a.ts";',
  });
  expect(errors).toEqual(["import cycle: packages/core/src/a.ts -> packages/core/src/b.ts -> packages/core/src/a.ts"]);
});

test("what the house allows passes", () => {
  const files = {
    "packages/gateway/src/channels/generated/catalog.ts": 'export const load = () => import("@openclaw/channel-x");',
    "packages/gateway/src/a.ts": 'import { x } from "@openclaw/core/config";',
    "packages/gateway/src/a.test.ts": 'import { x } from "@openclaw/testkit";',
    "packages/channel-x/src/a.ts": 'import { x } from "@openclaw/plugin-sdk/channel";',
  };
  expect(check(files)).toEqual([]);
});

test("imports are read over several lines and not from comments", () => {
  const source =
    'import {\n  a,\n  b,\n} from "x";\n// import { c } from "y";\n/* from "z" */ export * from "w";\nimport "v";';
  expect(readImports(source).map((entry) => entry.specifier)).toEqual(["x", "w", "v"]);
});
