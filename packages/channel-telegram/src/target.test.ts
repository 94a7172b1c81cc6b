import { expect, it } from "vitest";
import { decodeTarget, encodeTarget, normalizeId } from "./target.ts";

it.each(["7001", "-1001234567890", "-1001234567890:topic:7", "7001:topic:3", "@news_channel"])(
  "%s goes round",
  (text) => {
    expect(encodeTarget(decodeTarget(text))).toBe(text);
  },
);

it.each([
  ["telegram:7001", "7001"],
  ["tg:-100:thread:5", "-100:topic:5"],
  ["https://t.me/news_channel", "@news_channel"],
  [" 7001 ", "7001"],
])("%s is taken for %s", (pasted, target) => {
  expect(encodeTarget(decodeTarget(pasted))).toBe(target);
});

it.each(["", "abc", "0", "7001:topic:0", "7001:topic:x", "7001;rm", "@a", "--5", "7001:7"])(
  "%j is refused with an example",
  (text) => {
    expect(() => decodeTarget(text)).toThrow(
      expect.objectContaining({ code: "TARGET_INVALID", hint: expect.stringContaining("-100") }),
    );
  },
);

it.each([
  ["tg:123", "123"],
  ["TELEGRAM:-100", "-100"],
  ["Alice", "@alice"],
  ["@ALICE", "@alice"],
  ["*", "*"],
])("id %s is compared as %s", (id, normal) => {
  expect(normalizeId(id)).toBe(normal);
});
