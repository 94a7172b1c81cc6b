import { expect, test } from "vitest";
import { formatFacts } from "./facts.ts";
import { formatTable } from "./table.ts";

const person = { interactive: true, columns: 40, style: (_code: string, text: string) => text };
const pipe = { ...person, interactive: false };

test("a person gets aligned columns with a header", () => {
  const rows = [
    { channel: "telegram", state: "connected" },
    { channel: "tg2", state: undefined },
  ];
  expect(formatTable(rows, ["channel", "state"], person)).toBe("CHANNEL   STATE\ntelegram  connected\ntg2       -");
});

test("a pipe gets whole values between tabs, and no header", () => {
  const long = "x".repeat(100);
  expect(formatTable([{ a: long, b: 0 }], ["a", "b"], pipe)).toBe(`${long}\t0`);
});

test("what a stranger wrote moves no cursor and breaks no line", () => {
  const rows = [{ name: "Eve\u001b[2J\nroot\tadmin\u202e", id: 1 }];
  expect(formatTable(rows, ["name", "id"], pipe)).toBe("Eve [2J root admin\t1");
});

test("wide characters keep the columns straight", () => {
  const rows = [
    { name: "日本", id: 1 },
    { name: "abc", id: 2 },
  ];
  expect(formatTable(rows, ["name", "id"], person)).toBe("NAME  ID\n日本  1\nabc   2");
});

test("a table never gets wider than the terminal: the widest column is cut", () => {
  const rows = [{ key: "agent:main:telegram:group:-100123456789012345", label: "family", id: 7 }];
  const lines = formatTable(rows, ["key", "label", "id"], person).split("\n");
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
  expect(lines[1]).toMatch(/^agent:main:.*…\s+family\s+7$/);
});

test("facts: aligned for a person, tab-separated for a pipe, the unknown left out", () => {
  const facts = [
    ["Gateway", "running"],
    ["Log", undefined],
    ["Channels", "a\nb"],
  ] as const;
  expect(formatFacts(facts, person)).toBe("Gateway   running\nChannels  a\n          b");
  expect(formatFacts(facts, pipe)).toBe("Gateway\trunning\nChannels\ta; b");
});
