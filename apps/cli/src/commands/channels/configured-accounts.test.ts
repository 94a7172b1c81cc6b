import { expect, test } from "vitest";
import { configuredAccounts } from "./configured-accounts.ts";

test("a section without accounts is the account default", () => {
  expect(configuredAccounts({ telegram: { botToken: "1:a" }, defaults: { groupPolicy: "open" } })).toEqual([
    { channel: "telegram", account: "default", enabled: true },
  ]);
});

test("accounts stand beside a section that holds a token of its own", () => {
  const telegram = { botToken: "1:a", accounts: { work: { name: "Work", botToken: "2:b", enabled: false } } };
  expect(configuredAccounts({ telegram })).toEqual([
    { channel: "telegram", account: "default", enabled: true },
    { channel: "telegram", account: "work", name: "Work", enabled: false },
  ]);
  expect(configuredAccounts({ telegram: { enabled: false, accounts: { work: {} } } })).toEqual([
    { channel: "telegram", account: "work", enabled: false },
  ]);
});

test("nothing is made of what is no section", () => {
  expect(configuredAccounts(undefined)).toEqual([]);
  expect(configuredAccounts({ telegram: null, slack: [] })).toEqual([]);
});
