import { expect, test } from "vitest";
import { root } from "../commands/tree.ts";
import type { CommandGroup, CommandNode } from "./command.ts";
import { resolveCommand } from "./resolve-command.ts";

const resolved = (line: string) => {
  const { path, rest, unknown } = resolveCommand(line.split(" ").filter(Boolean), root);
  return { path: path.join(" "), rest, ...(unknown ? { unknown: unknown.word } : {}) };
};

test("words lead to a command, the rest is left to it", () => {
  expect(resolved("pairing approve telegram ABCD2345 --json")).toEqual({
    path: "pairing approve",
    rest: ["telegram", "ABCD2345", "--json"],
  });
});

test("a group without a word means its usual command, with the options that follow", () => {
  expect(resolved("gateway --port 18789")).toEqual({ path: "gateway run", rest: ["--port", "18789"] });
  expect(resolved("sessions")).toEqual({ path: "sessions list", rest: [] });
  expect(resolved("models --json")).toEqual({ path: "models status", rest: ["--json"] });
});

test("help of a group is the group's, not that of its usual command", () => {
  expect(resolved("gateway --help")).toEqual({ path: "gateway", rest: ["--help"] });
  expect(resolved("help gateway stop")).toEqual({ path: "gateway stop", rest: ["--help"] });
});

test("options that every command takes may stand in front, with their value", () => {
  expect(resolved("--profile work --json gateway status")).toEqual({
    path: "gateway status",
    rest: ["--profile", "work", "--json"],
  });
  expect(resolved("--profile=gateway status")).toEqual({ path: "status", rest: ["--profile=gateway"] });
});

test("a word that no command has is reported with the group that was searched", () => {
  expect(resolved("gatway run")).toEqual({ path: "", rest: ["gatway", "run"], unknown: "gatway" });
  expect(resolved("gateway stauts")).toEqual({ path: "gateway", rest: ["stauts"], unknown: "stauts" });
  expect(resolved("constructor")).toMatchObject({ unknown: "constructor" });
});

test("spellings that users know lead somewhere", () => {
  for (const line of [
    "channels login",
    "login",
    "message send",
    "gateway call",
    "agents reset",
    "agents status",
    "gateway health",
  ]) {
    expect(resolved(line), line).toMatchObject({ path: line, rest: [] });
  }
});

test("every command of the tree loads and describes itself", async () => {
  const leaves = (node: CommandNode): Exclude<CommandNode, CommandGroup>[] =>
    "children" in node ? Object.values(node.children).flatMap(leaves) : [node];
  for (const leaf of leaves(root)) expect((await leaf.load()).command.describe).not.toBe("");
});

test("a group's usual command is one of its own", () => {
  const groups = (node: CommandNode): CommandGroup[] =>
    "children" in node ? [node, ...Object.values(node.children).flatMap(groups)] : [];
  for (const { fallback, children } of groups(root)) if (fallback) expect(children).toHaveProperty(fallback);
});
