import { expect, test } from "vitest";
import { canonicalPath } from "./canonical-path.ts";
import { readSetting } from "./read-setting.ts";

test("an older name leads to today's", () => {
  expect(canonicalPath(["models", "defaults", "model"]).slice(0, 3)).toEqual(["agents", "defaults", "model"]);
  expect(canonicalPath(["telegram", "botToken"])).toEqual(["channels", "telegram", "botToken"]);
});

test("today's names and unknown ones stay", () => {
  expect(canonicalPath(["gateway", "port"])).toEqual(["gateway", "port"]);
  expect(canonicalPath(["agents", "list", 2, "id"])).toEqual(["agents", "list", 2, "id"]);
  expect(canonicalPath(["nonsense"])).toEqual(["nonsense"]);
});

test("a value is JSON5 where it is that, else text", () => {
  expect(["19001", "true", "['a',]", "null", '"19001"'].map(readSetting)).toEqual([19001, true, ["a"], null, "19001"]);
  expect(["anthropic/claude", "hello world", "{broken", ""].map(readSetting)).toEqual([
    "anthropic/claude",
    "hello world",
    "{broken",
    "",
  ]);
});
