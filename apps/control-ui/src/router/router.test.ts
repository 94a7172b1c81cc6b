import { expect, test } from "vitest";
import { formatRoute, parseRoute } from "./router.ts";

const parse = (basePath: string, address: string) => {
  const { pathname, search } = new URL(address, "http://localhost");
  return parseRoute(basePath, { pathname, search });
};

test("rooms and conversations survive the way through the address", () => {
  const route = { room: "chat", sessionKey: "agent:main:telegram:group:-100 & more" } as const;
  expect(parse("/claw", formatRoute("/claw", route))).toEqual(route);
  expect(formatRoute("", { room: "health" })).toBe("/health");
});

test("unknown paths and foreign prefixes lead to the chat", () => {
  expect(parse("", "/")).toEqual({ room: "chat" });
  expect(parse("", "/nope/health")).toEqual({ room: "chat" });
  expect(parse("/claw", "/clax/health")).toEqual({ room: "chat" });
  expect(parse("/claw", "/claw/settings")).toEqual({ room: "settings" });
});
