import { expect, test } from "vitest";
import { explainUsage } from "./explain-usage.ts";

const context = { usage: "openclaw agent <who>", help: "  -m, --message  text\n      --session-id  id" };

test("a mistyped option names the one that was meant", () => {
  expect(explainUsage("Unknown argument: mesage", context)).toMatch(
    /^There is no option --mesage\. Did you mean --message\?/,
  );
});

test("a stray word shows the usage", () => {
  expect(explainUsage("Unknown argument: qqqqqq", context)).toContain(
    '"qqqqqq" is not expected here.\nUsage: openclaw agent <who>',
  );
});

test("missing arguments and values are named", () => {
  expect(explainUsage("Not enough non-option arguments: got 0, need at least 1", context)).toContain(
    "Usage: openclaw agent <who>",
  );
  expect(explainUsage("Missing required arguments: target, message", context)).toContain(
    "Missing --target and --message.",
  );
  expect(explainUsage("Not enough arguments following: url", context)).toContain("--url needs a value.");
});
