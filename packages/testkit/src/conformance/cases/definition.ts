import assert from "node:assert/strict";
import { OpenClawError } from "@openclaw/plugin-sdk";
import type { ConformanceCase } from "../conformance-case.ts";
import { inspectImport } from "../inspect-import.ts";
import { openSession } from "../session.ts";

export const definitionCases: readonly ConformanceCase[] = [
  {
    id: "import-is-quiet",
    title: "does nothing when imported: no library, no environment, no timer, no socket",
    async run({ module }) {
      const seen = await inspectImport(module.url, module.lazy);
      assert.deepEqual(seen, { environment: [], resources: [], libraries: [] });
    },
  },
  {
    id: "capabilities-match-methods",
    title: "has exactly the methods its capabilities promise",
    async run(harness) {
      const { capabilities, limits, apiVersion, id } = harness.definition;
      const { connection } = await openSession(harness);
      const methods: [keyof typeof connection, boolean][] = [
        ["edit", capabilities.edit],
        ["remove", capabilities.remove],
        ["react", capabilities.react],
        ["typing", capabilities.typing],
        ["setCommands", capabilities.nativeCommands],
        ["draft", capabilities.drafts],
        ["handle", capabilities.webhook],
      ];
      for (const [method, promised] of methods)
        assert.equal(typeof connection[method] === "function", promised, `${method} and its capability disagree`);
      assert.equal(apiVersion, 1);
      assert.match(id, /^[a-z][a-z0-9-]*$/);
      for (const [name, value] of Object.entries(limits)) assert.ok(value > 0, `limits.${name} is ${value}`);
      await connection.close();
    },
  },
  {
    id: "no-section-no-account",
    title: "has no accounts without a section in the configuration",
    run({ definition }) {
      assert.deepEqual(definition.accounts(undefined, {}), []);
      return Promise.resolve();
    },
  },
  {
    id: "bad-targets-refused",
    title: "refuses text that is no target and shows what one looks like",
    run({ definition }) {
      for (const text of ["", "  ", "\u0000", "no such thing at all; rm -rf", "x".repeat(5000)])
        assert.throws(
          () => definition.target.decode(text),
          (error) => OpenClawError.is(error) && error.code === "TARGET_INVALID" && (error.hint ?? "") !== "",
          `${JSON.stringify(text.slice(0, 40))} was taken for a target`,
        );
      return Promise.resolve();
    },
  },
];
