import { chunkText } from "@openclaw/core/reply";
import { expect, test } from "vitest";
import { afterStreamed } from "./after-streamed.ts";

const code = "Before.\n\n```ts\nconst a = 1;\nconst b = 2;\n```\n\nAfter.";

test("nothing was sent: everything is left", () => {
  expect(afterStreamed("all of it", [])).toBe("all of it");
});

test("everything was sent: nothing is left, however it was cut", () => {
  for (const limit of [12, 20, 33, 60]) expect(afterStreamed(code, chunkText(code, { limit }))).toBe("");
});

test("the rest follows where the parts ended", () => {
  expect(afterStreamed("First part.\n\nSecond part.", ["First part."])).toBe("Second part.");
  expect(afterStreamed("one two three", ["one", "two"])).toBe("three");
});

test("another answer than the one that was begun is said whole", () => {
  expect(afterStreamed("Something else entirely.", ["First part."])).toBe("Something else entirely.");
});

test("characters beyond the basic plane do not shift the cut", () => {
  expect(afterStreamed("👍🏽 ok\n\nrest", ["👍🏽 ok"])).toBe("rest");
});
