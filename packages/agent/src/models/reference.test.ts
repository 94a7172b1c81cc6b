import { expect, test } from "vitest";
import { formatRef, parseModelReference } from "./reference.ts";

const configured = {
  "anthropic/claude-opus-4-5": {},
  "anthropic/claude-opus-4-6": { alias: "Best" },
  "openai/gpt-5-mini": { alias: "gpt" },
};
const parse = (text: string, models: Record<string, { alias?: string }> = configured) =>
  formatRef(parseModelReference(text, models));

test("only the first slash splits, provider aliases are made canonical", () => {
  expect(parse("openrouter/moonshotai/kimi-k2")).toBe("openrouter/moonshotai/kimi-k2");
  expect(parse("z.ai/glm-4.7")).toBe("zai/glm-4.7");
  expect(parse("Z-AI/glm-4.7")).toBe("zai/glm-4.7");
});

test("aliases: the user's win, built-in ones need a configured model", () => {
  expect(parse("best")).toBe("anthropic/claude-opus-4-6");
  expect(parse("OPUS")).toBe("anthropic/claude-opus-4-6");
  expect(parse("gpt")).toBe("openai/gpt-5-mini");
  expect(parse("gpt-mini")).toBe("openai/gpt-5-mini");
  expect(parse("sonnet")).toBe("anthropic/sonnet");
  expect(parse("opus", {})).toBe("anthropic/opus");
});

test("a reference without a half is refused", () => {
  expect(() => parse("openai/")).toThrow(/not a model reference/);
  expect(() => parse("/gpt")).toThrow(/not a model reference/);
  expect(() => parse(" ")).toThrow(/not a model reference/);
});
