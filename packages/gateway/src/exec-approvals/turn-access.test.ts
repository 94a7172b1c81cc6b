import { expect, test } from "vitest";
import type { TurnRequest } from "../store/turns.ts";
import { joinSenders, mayLess, type SenderAccess } from "./sender-access.ts";
import { turnAccess } from "./turn-access.ts";

const request = (sender?: SenderAccess, provider = "telegram") =>
  ({ origin: { provider, chatType: "direct" }, sender }) as TurnRequest;
const listed = { tools: { elevated: { allowFrom: { telegram: ["1"] } } } };

test("elevation comes from the message, the session, or the default where somebody is listed", () => {
  const level = (...args: Parameters<typeof turnAccess>) => turnAccess(...args).elevated;
  expect(level(request({}), undefined, {})).toEqual({ level: "off" });
  expect(level(request({}), undefined, listed)).toEqual({ level: "on" });
  expect(level(request({}, "webchat"), undefined, listed)).toEqual({ level: "off" });
  expect(level(request({}), { elevatedLevel: "full" } as never, {})).toEqual({ level: "full" });
  expect(level(request({ level: "ask" }), { elevatedLevel: "full" } as never, listed)).toEqual({ level: "ask" });
  expect(level(request({ refused: "not listed" }), { elevatedLevel: "full" } as never, listed)).toEqual({
    level: "full",
    refused: "not listed",
  });
});

test("a turn that no person asked for is not elevated, whatever the session says", () => {
  const { elevated } = turnAccess(request(), { elevatedLevel: "full" } as never, listed);
  expect(elevated?.refused).toMatch(/No person/);
});

test("/exec of the message goes over that of the session", () => {
  const entry = { execHost: "sandbox", execSecurity: "deny", execAsk: "always" } as never;
  expect(turnAccess(request({}), entry, {})).toMatchObject({ host: "sandbox", security: "deny", ask: "always" });
  expect(turnAccess(request({ exec: { security: "allowlist" } }), entry, {})).toMatchObject({
    host: "sandbox",
    security: "allowlist",
  });
});

test("messages that become one turn have the rights of the one that has least", () => {
  expect(joinSenders([{ level: "full" }, {}])?.refused).toBeUndefined();
  expect(joinSenders([{ level: "full" }, { refused: "no" }])).toMatchObject({ refused: "no" });
  expect(joinSenders([{ level: "full" }, undefined])).toBeUndefined();
  expect(mayLess({ refused: "no" }, {})).toBe(true);
  expect(mayLess(undefined, {})).toBe(true);
  expect(mayLess({}, {})).toBe(false);
  expect(mayLess({ refused: "no" }, { refused: "no" })).toBe(false);
  expect(mayLess({}, undefined)).toBe(false);
});
