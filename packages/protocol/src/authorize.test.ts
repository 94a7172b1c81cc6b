import { describe, expect, it } from "vitest";
import recorded from "../test/fixtures/scope-matrix.json" with { type: "json" };
import { authorize, grantsScope, unknownMethod } from "./authorize.ts";
import { ADVERTISED_EVENTS } from "./events.ts";
import { ADVERTISED_METHODS, methodSpec } from "./methods.ts";

const observers: Record<string, { role: string; scopes: string[] }> = {
  // What the recording asked for to hold nothing: an unknown scope, because an empty list means admin.
  none: { role: "operator", scopes: ["x.none"] },
  read: { role: "operator", scopes: ["operator.read"] },
  write: { role: "operator", scopes: ["operator.write"] },
  approvals: { role: "operator", scopes: ["operator.approvals"] },
  pairing: { role: "operator", scopes: ["operator.pairing"] },
  admin: { role: "operator", scopes: ["operator.admin"] },
  node: { role: "node", scopes: [] },
};

const cells = Object.entries(recorded.matrix).flatMap(([method, row]) =>
  Object.entries(row).map(([observer, answer]) => ({ method, observer, answer })),
);

describe("every method against every scope, as recorded from a running gateway", () => {
  it("covers the whole matrix", () => {
    expect(cells.length).toBe(106 * 7);
  });

  it.each(cells)("$method as $observer", ({ method, observer, answer }) => {
    const verdict = authorize(observers[observer]!, method);
    const denial = /^DENY INVALID_REQUEST (.*)$/.exec(answer)?.[1];
    expect(verdict).toEqual(denial === undefined ? { ok: true } : { ok: false, message: denial });
    if (verdict.ok && !methodSpec(method)) expect(answer).toBe(`INVALID_REQUEST: ${unknownMethod(method)}`);
  });
});

it("advertises methods and events in the recorded order", () => {
  expect(ADVERTISED_METHODS).toEqual(recorded.methods);
  expect(ADVERTISED_EVENTS).toEqual(recorded.events);
});

it("lets scopes give a node nothing and a foreign role nothing at all", () => {
  expect(authorize({ role: "node", scopes: ["operator.admin"] }, "health")).toEqual({
    ok: false,
    message: "unauthorized role: node",
  });
  expect(authorize({ role: "admin", scopes: ["operator.admin"] }, "health")).toEqual({
    ok: false,
    message: "unauthorized role: admin",
  });
});

it("does not take names from the object prototype for methods", () => {
  for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
    expect(methodSpec(name)).toBeUndefined();
    expect(authorize({ role: "operator", scopes: ["operator.write"] }, name).ok).toBe(false);
  }
});

it("counts write as read, admin as everything, and the rest as themselves", () => {
  expect(grantsScope(["operator.write"], "operator.read")).toBe(true);
  expect(grantsScope(["operator.read"], "operator.write")).toBe(false);
  expect(grantsScope(["operator.admin"], "operator.pairing")).toBe(true);
  expect(grantsScope(["operator.pairing", "operator.approvals"], "operator.read")).toBe(false);
  expect(grantsScope([], "operator.read")).toBe(false);
});
