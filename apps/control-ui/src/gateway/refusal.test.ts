import { expect, test } from "vitest";
import { explainRefusal } from "./refusal.ts";

test("every handshake failure of the protocol has words of its own", () => {
  const messages = [
    "pairing required",
    "control ui requires HTTPS or localhost (secure context)",
    "origin not allowed (open the Control UI from the gateway host or allow it in gateway.controlUi.allowedOrigins)",
    "unauthorized: gateway token missing (open the dashboard link)",
    "unauthorized: gateway token mismatch (open the dashboard link)",
    "unauthorized: gateway password mismatch (enter the password)",
    "protocol mismatch",
    "device signature expired",
    "device identity mismatch",
  ];
  const titles = messages.map((message) => explainRefusal({ message }).title);
  expect(new Set(titles).size).toBe(messages.length);
  expect(titles).not.toContain("The gateway refused the connection");
});

test("a token that was refused is forgotten, a browser that waits for approval keeps it", () => {
  expect(explainRefusal({ message: "unauthorized: gateway token mismatch" }).forget).toBe("token");
  const waiting = explainRefusal({ message: "pairing required", requestId: "r-1" });
  expect(waiting.forget).toBeUndefined();
  expect(waiting.command).toBe("openclaw devices approve r-1");
});

test("an unknown reason is shown as it came", () => {
  expect(explainRefusal({ message: "gateway is on fire" }).detail).toBe("gateway is on fire");
});
