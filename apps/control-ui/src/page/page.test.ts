import { expect, test } from "vitest";
import { gatewayUrl } from "./gateway-url.ts";
import { normalizeBasePath, readPageGlobals } from "./page-globals.ts";

test("the gateway is the host that served the page, over TLS when the page came over TLS", () => {
  expect(gatewayUrl({ protocol: "http:", host: "127.0.0.1:18789" }, "")).toBe("ws://127.0.0.1:18789/");
  expect(gatewayUrl({ protocol: "https:", host: "claw.example.ts.net" }, "/claw")).toBe(
    "wss://claw.example.ts.net/claw/",
  );
});

test("base paths are brought into one form, and odd ones count as the root", () => {
  expect(normalizeBasePath("")).toBe("");
  expect(normalizeBasePath("/")).toBe("");
  expect(normalizeBasePath("claw/ui/")).toBe("/claw/ui");
  expect(normalizeBasePath("//evil.example/x y")).toBe("");
  expect(normalizeBasePath(7)).toBe("");
});

test("a page without injected globals has neutral names", () => {
  expect(readPageGlobals({})).toEqual({ basePath: "", assistantName: "Assistant" });
});
