import type { OpenClawConfig } from "@openclaw/core/config";
import { createFakeClock } from "@openclaw/testkit";
import { beforeEach, expect, test } from "vitest";
import { createApprovalDesk, type ApprovalDesk, type ApprovalQuestion } from "./approval-desk.ts";
import { createApprovalForwarder, type ApprovalForwarder } from "./forward-approvals.ts";

const clock = createFakeClock();
let events: [string, unknown][];
let notices: string[];
let config: OpenClawConfig;
let forwarder: ApprovalForwarder;
let desk: ApprovalDesk;

beforeEach(() => {
  events = [];
  notices = [];
  config = {};
  forwarder = createApprovalForwarder({
    config: () => config,
    clock,
    sessionChat: () => ({ channel: "telegram", account: "default", target: "7001" }),
    notify: ({ channel, target }, text, key) =>
      void notices.push(`${channel} ${target} ${key.split(":").at(-2)}: ${text}`),
  });
  desk = createApprovalDesk({
    clock,
    broadcast: (event, payload) => void events.push([event, payload]),
    onRequested: forwarder.requested,
    onEnded: forwarder.ended,
  });
});

const question = (command = "rm -r build", rest: Partial<ApprovalQuestion> = {}): ApprovalQuestion => ({
  command,
  cwd: "/work",
  host: "gateway",
  security: "allowlist",
  ask: "on-miss",
  agentId: "main",
  resolvedPath: "/usr/bin/rm",
  sessionKey: "agent:main:telegram:dm:7001",
  ...rest,
});

test("a question is answered once, by whoever comes first", async () => {
  const { id, decision, expiresAtMs } = desk.open(question());
  expect(events).toEqual([
    [
      "exec.approval.requested",
      { id, request: question(), createdAtMs: clock.now(), expiresAtMs: clock.now() + 120_000 },
    ],
  ]);
  expect(expiresAtMs).toBe(clock.now() + 120_000);
  expect(() => desk.resolve(id, "maybe", null)).toThrow("invalid decision");
  expect(() => desk.resolve(id.slice(0, 7), "deny", null)).toThrow("unknown approval id");
  desk.resolve(id.slice(0, 8), "allow-once", "Ada");
  expect(await decision).toBe("allow-once");
  expect(events[1]).toEqual([
    "exec.approval.resolved",
    { id, decision: "allow-once", resolvedBy: "Ada", ts: clock.now() },
  ]);
  expect(() => desk.resolve(id, "deny", "Eve")).toThrow("unknown approval id");
});

test("an id waits once; silence and closing end a question without a decision", async () => {
  const first = desk.open(question(), { id: "fixed-id", timeoutMs: 1000 });
  expect(() => desk.open(question(), { id: "fixed-id" })).toThrow("approval id already pending");
  await clock.advance(1000);
  expect(await first.decision).toBeNull();
  const second = desk.open(question());
  desk.close();
  expect(await second.decision).toBeNull();
  expect(desk.pending()).toEqual([]);
  expect(events.filter(([event]) => event === "exec.approval.resolved")).toEqual([]);
});

test("what would move a cursor or turn the text is written out for every reader", () => {
  config = { approvals: { exec: { enabled: true, mode: "session" } } };
  desk.open(question("ls\u001b[1A\u001b[2Krm -rf /\u202e ```\n/approve x"));
  expect(JSON.stringify(events)).not.toContain("\\u001b");
  const { request } = desk.pending()[0]!;
  expect(request.command).toBe("ls\\u{1b}[1A\\u{1b}[2Krm -rf /\\u{202e} ```\\n\n/approve x");
  expect(notices[0]).toContain("````\nls\\u{1b}");
});

test("chats are asked as approvals.exec says, and told how it ended", async () => {
  const asked = (
    exec: NonNullable<NonNullable<OpenClawConfig["approvals"]>["exec"]>,
    about: Partial<ApprovalQuestion> = {},
  ) => {
    config = { approvals: { exec: { enabled: true, ...exec } } };
    return forwarder.chats(question("x", about)).map(({ channel, target }) => `${channel} ${target}`);
  };
  const targets = [
    { channel: "telegram", to: "42", threadId: 7 },
    { channel: "telegram", to: "7001" },
  ];
  expect(asked({ enabled: false })).toEqual([]);
  expect(asked({})).toEqual(["telegram 7001"]);
  expect(asked({ mode: "targets", targets })).toEqual(["telegram 42:thread:7", "telegram 7001"]);
  expect(asked({ mode: "both", targets })).toEqual(["telegram 7001", "telegram 42:thread:7"]);
  expect(asked({ agentFilter: ["work"] })).toEqual([]);
  expect(asked({ agentFilter: ["MAIN"] })).toEqual(["telegram 7001"]);
  expect(asked({ sessionFilter: ["whatsapp"] })).toEqual([]);
  expect(asked({ sessionFilter: ["agent:*:telegram:*"] })).toEqual(["telegram 7001"]);

  config = { approvals: { exec: { enabled: true } } };
  const { id } = desk.open(question());
  const slug = id.slice(0, 8);
  expect(notices.at(-1)).toBe(
    `telegram 7001 requested: A command waits for approval (${slug}, 120 s):\n\`\`\`\nrm -r build\n\`\`\`\nAgent main, host gateway, in /work\n/approve ${slug} allow-once, allow-always or deny`,
  );
  desk.resolve(id, "deny", "Ada");
  expect(notices.at(-1)).toBe(`telegram 7001 ended: Approval ${slug}: deny by Ada.`);
  desk.open(question(), { timeoutMs: 500 });
  await clock.advance(500);
  expect(notices.at(-1)).toMatch(/ended: Approval .{8} expired: nobody answered\.$/);
});
