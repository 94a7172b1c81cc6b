import { expect, test } from "vitest";
import { readSignInLink } from "./sign-in-link.ts";

const at = (pathname: string, search: string, hash: string) => readSignInLink({ pathname, search, hash });

test("the fragment's token is taken and leaves the address", () => {
  expect(at("/", "", "#token=abc123")).toEqual({ token: "abc123", cleaned: "/" });
});

test("a token in the query is never used, and is removed", () => {
  expect(at("/chat", "?token=abc123&session=agent%3Amain%3Amain", "")).toEqual({
    token: undefined,
    cleaned: "/chat?session=agent%3Amain%3Amain",
  });
});

test("an endpoint in the address is removed and nothing is made of it", () => {
  const link = at("/chat", "?gatewayUrl=wss%3A%2F%2Fevil.example&password=x", "#gatewayUrl=wss://evil.example&token=t");
  expect(link).toEqual({ token: "t", cleaned: "/chat" });
});

test("an ordinary address is left alone", () => {
  expect(at("/health", "?session=main", "")).toEqual({ token: undefined });
  expect(at("/health", "", "#token=%20")).toEqual({ token: undefined, cleaned: "/health" });
});
