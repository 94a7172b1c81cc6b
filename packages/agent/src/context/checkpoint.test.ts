import type { TranscriptEntry } from "@openclaw/core/sessions";
import { expect, test } from "vitest";
import { renderCheckpoint, takeCheckpoint } from "./checkpoint.ts";
import { findCutPoint } from "./cut-point.ts";
import { windowPlan, readContextSettings } from "./settings.ts";

let next = 0;
const entry = (message: Record<string, unknown> & { role: string }): TranscriptEntry => ({
  type: "message",
  id: String(next++),
  timestamp: new Date(0).toISOString(),
  message,
});
const user = (text: string) => entry({ role: "user", content: [{ type: "text", text }] });
const say = (text: string) => entry({ role: "assistant", content: [{ type: "text", text }] });
const call = (name: string, args: Record<string, unknown>, isError = false, result = "done") => {
  const id = `call${next++}`;
  return [
    entry({ role: "assistant", content: [{ type: "toolCall", id, name, arguments: args }] }),
    entry({ role: "toolResult", toolCallId: id, toolName: name, content: [{ type: "text", text: result }], isError }),
  ];
};

test("a checkpoint holds files, commands, open tasks and the person's words", () => {
  const checkpoint = takeCheckpoint([
    user("The door code is 4711.\n- [ ] water the plants"),
    ...call("read", { path: "a.md" }),
    ...call("read", { path: "b.md" }),
    ...call("write", { path: "b.md", content: "- [ ] call Ada\n- [x] buy milk" }),
    ...call("edit", { path: "gone.md", old_text: "x", new_text: "y" }, true),
    ...call("exec", { command: "git   push\n origin" }),
    ...call("apply_patch", { input: "*** Begin Patch\n*** Update File: src/c.ts\n*** End Patch" }),
    say("Done:\n- [x] water the plants"),
    user("Thanks"),
  ]);
  expect(checkpoint).toEqual({
    readFiles: ["a.md"],
    modifiedFiles: ["b.md", "src/c.ts"],
    commands: ["git push origin"],
    tasks: ["call Ada"],
    said: ["The door code is 4711.\n- [ ] water the plants", "Thanks"],
  });
});

test("a later checkpoint goes on from the earlier one", () => {
  const first = takeCheckpoint([user("My name is Ada."), ...call("read", { path: "a.md" }), say("- [ ] find a flat")]);
  const second = takeCheckpoint(
    [...call("write", { path: "a.md", content: "" }), say("- [x] find a flat"), user("Next")],
    first,
  );
  expect(second).toMatchObject({
    readFiles: [],
    modifiedFiles: ["a.md"],
    tasks: [],
    said: ["My name is Ada.", "Next"],
  });
});

test("however long it gets it stays within its bound, first and last words included", () => {
  const many = Array.from({ length: 500 }, (_, index) => user(`message ${index} ${"x".repeat(400)}`));
  const checkpoint = takeCheckpoint([user("The goal is a shed."), ...many]);
  const text = renderCheckpoint(checkpoint, 5000);
  expect(text.length).toBeLessThan(5000);
  expect(text).toContain("The goal is a shed.");
  expect(text).toContain("message 499");
});

test("a cut never parts a call from its result, and the last message always stays", () => {
  const branch = [
    user("one"),
    ...call("exec", {}, false, "x".repeat(40_000)),
    user("two"),
    ...call("read", {}, false, "y".repeat(40_000)),
  ];
  for (const keep of [0, 10, 5_000, 10_020, 15_000, 20_040]) {
    const cut = findCutPoint(branch, keep);
    expect(cut?.kept[0]?.message?.role, `keep ${keep}`).not.toBe("toolResult");
    expect(cut?.kept.at(-1)).toBe(branch.at(-1));
  }
  expect(findCutPoint(branch, 1_000_000)).toBeUndefined();
  expect(findCutPoint([user("alone")], 0)).toBeUndefined();
});

test("what is kept free shrinks with the window, and never grows past what is configured", () => {
  const { compaction } = readContextSettings({});
  expect(windowPlan(compaction, 200_000)).toEqual({ reserve: 20_000, threshold: 180_000, keepRecent: 20_000 });
  expect(windowPlan(compaction, 32_000)).toEqual({ reserve: 16_000, threshold: 16_000, keepRecent: 8_000 });
  const floor = readContextSettings({ compaction: { reserveTokensFloor: 0 } }).compaction;
  expect(windowPlan(floor, 200_000).reserve).toBe(16_384);
  const share = readContextSettings({
    compaction: { mode: "safeguard", maxHistoryShare: 0.1, keepRecentTokens: 90_000 },
  }).compaction;
  expect(windowPlan(share, 200_000).keepRecent).toBe(20_000);
});
