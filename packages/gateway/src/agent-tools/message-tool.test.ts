import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Agent } from "@openclaw/agent";
import { type Outbound, silentLog, systemClock } from "@openclaw/core";
import { channel as telegramChannel } from "@openclaw/channel-telegram";
import type { Connection } from "@openclaw/plugin-sdk/channel";
import type { ToolContext } from "@openclaw/plugin-sdk/tool";
import { callTool, say } from "@openclaw/testkit/llm";
import { expect, test } from "vitest";
import { createToolsRig } from "../../test/tools-rig.ts";
import type { ChannelManager } from "../channels/manager.ts";
import { defaultRetry } from "../delivery/backoff.ts";
import { createDeliverer } from "../delivery/deliverer.ts";
import { openStore } from "../store/store.ts";
import type { TurnRequest } from "../store/turns.ts";
import { createMessageTool } from "./message-tool.ts";
import { createToolSends } from "./tool-sends.ts";

const rig = createToolsRig();
const toBot = (chatId: number) =>
  rig.telegram
    .messages(chatId)
    .filter(({ fromBot }) => fromBot)
    .map(({ text }) => text);
/** The model calls the tool once, then says `answer`. */
const script = (args: Record<string, unknown>, answer: string) =>
  rig.llm.script(({ toolResults }) => (toolResults.length > 0 ? say(answer) : callTool("message", args)));
const result = async () =>
  (await rig.llm.waitForCall(({ toolResults }) => toolResults.length > 0)).toolResults[0]?.text ?? "";

test("what the tool sends arrives once, and an answer that repeats it is not sent again", async () => {
  await rig.gateway({ telegram: { blockStreaming: true } });
  rig.llm.script(({ toolResults, lastUserText }) => {
    if (lastUserText.includes("and now?")) return say("Nothing new.");
    return toolResults.length > 0 ? say("The door  is open") : callTool("message", { message: "The door is open." });
  });
  rig.telegram.inject.dm({ from: 77, text: "how is the door?" });
  expect(await result()).toContain('"status":"sent"');
  rig.telegram.inject.dm({ from: 77, text: "and now?" });
  await expect.poll(() => toBot(77)).toEqual(["The door is open.", "Nothing new."]);
});

test("an answer that says more than the tool did is sent", async () => {
  await rig.gateway();
  script({ message: "Part one." }, "Part two.");
  rig.telegram.inject.dm({ from: 77, text: "tell me" });
  await expect.poll(() => toBot(77)).toEqual(["Part one.", "Part two."]);
});

test("NO_REPLY after the tool leaves its message alone", async () => {
  await rig.gateway();
  script({ message: "All said." }, "NO_REPLY");
  rig.telegram.inject.dm({ from: 77, text: "tell me" });
  await rig.telegram.waitFor("sendMessage");
  await rig.settled();
  expect(toBot(77)).toEqual(["All said."]);
});

test("another chat is refused with the key that would allow it", async () => {
  await rig.gateway();
  script({ message: "secret of 77", to: "88" }, "I may not.");
  rig.telegram.inject.dm({ from: 77, text: "tell 88" });
  expect(await result()).toMatch(/not allowed.*tools\.message\.crossContext\.allowWithinProvider: true/s);
  await expect.poll(() => toBot(77)).toEqual(["I may not."]);
  expect(rig.telegram.messages(88)).toEqual([]);
});

test("another chat is written to when the configuration says so", async () => {
  await rig.gateway({ tools: { message: { crossContext: { allowWithinProvider: true } } } });
  rig.telegram.inject.dm({ from: 88, text: "/whoami" });
  await rig.telegram.waitFor("sendMessage");
  script({ message: "hello from 77", to: "telegram:88" }, "Told them.");
  rig.telegram.inject.dm({ from: 77, text: "greet 88" });
  await expect.poll(() => toBot(77)).toEqual(["Told them."]);
  expect(toBot(88).at(-1)).toBe("hello from 77");
});

test("a turn from the dashboard writes to no channel of its own accord", async () => {
  const client = await rig.connect(
    await rig.gateway({ tools: { message: { crossContext: { allowWithinProvider: true } } } }),
  );
  script({ message: "hi", channel: "telegram", to: "88" }, "I may not.");
  await client.request("chat.send", { sessionKey: "main", message: "greet 88", idempotencyKey: "run-1" });
  expect(await result()).toContain("allowAcrossProviders");
  expect(rig.telegram.calls("sendMessage")).toEqual([]);
});

test("files are sent from the workspace and from nowhere else", async () => {
  await rig.gateway();
  writeFileSync(join(rig.workspace(), "note.txt"), "milk");
  writeFileSync(join(rig.dir(), "outside.txt"), "private");
  script({ message: "Here it is", media: ["note.txt"] }, "NO_REPLY");
  rig.telegram.inject.dm({ from: 77, text: "the note please" });
  await rig.telegram.waitFor("sendDocument");
  await rig.settled();
  script({ media: ["../outside.txt"] }, "No.");
  rig.telegram.inject.dm({ from: 77, text: "the other one" });
  await rig.telegram.waitFor("sendMessage", ({ params }) => JSON.stringify(params).includes("No."));
  expect(rig.llm.calls().at(-1)?.toolResults[0]?.text).toContain("it lies outside the workspace");
  expect(rig.telegram.calls("sendDocument")).toHaveLength(1);
});

test("messages are reacted to, edited and deleted by their ids", async () => {
  await rig.gateway();
  let sent = "";
  const steps = [
    () => callTool("message", { message: "draft" }),
    () => callTool("message", { action: "edit", messageId: sent, message: "final" }),
    () => callTool("message", { action: "react", messageId: sent, emoji: "👍" }),
    () => callTool("message", { message: "wrong" }),
    () => callTool("message", { action: "delete", messageId: sent }),
    () => say("NO_REPLY"),
  ];
  rig.llm.script(({ toolResults: [last] }) => {
    sent = /"messageIds":\["(\d+)"/.exec(last?.text ?? "")?.[1] ?? sent;
    return steps.shift()?.() ?? say("NO_REPLY");
  });
  rig.telegram.inject.dm({ from: 77, text: "go" });
  await rig.telegram.waitFor("deleteMessage");
  await rig.settled();
  expect(rig.telegram.messages(77).filter(({ fromBot }) => fromBot)).toMatchObject([
    { text: "final", botReactions: ["👍"] },
  ]);
});

test("an action that the account switches off is refused", async () => {
  await rig.gateway({ telegram: { actions: { reactions: false } } });
  script({ action: "react", messageId: "1", emoji: "👍" }, "No.");
  rig.telegram.inject.dm({ from: 77, text: "like this" });
  expect(await result()).toContain("channels.telegram.actions.reactions");
  expect(rig.telegram.calls("setMessageReaction")).toEqual([]);
});

test("a restart while the platform makes it wait doubles nothing and loses nothing", async () => {
  const first = await rig.gateway();
  rig.llm.script(({ toolResults, lastUserText }) => {
    if (lastUserText.includes("and now?")) return say("Still one.");
    return toolResults.length > 0 ? say("NO_REPLY") : callTool("message", { message: "Only once." });
  });
  rig.telegram.failNext({ method: "sendMessage", retryAfter: 1 });
  rig.telegram.inject.dm({ from: 77, text: "tell me" });
  await rig.telegram.waitFor("sendMessage");
  await first.stop("restarting", { drainMs: 0 });
  await rig.gateway();
  rig.telegram.inject.dm({ from: 77, text: "and now?" });
  await rig.telegram.waitFor("sendMessage", ({ params }) => JSON.stringify(params).includes("Still one."));
  expect(toBot(77)).toEqual(["Only once.", "Still one."]);
});

test("a call that is run again after a crash finds what it sent", async () => {
  const store = openStore(join(rig.dir(), "second.sqlite"));
  const sent: string[] = [];
  const connection = {
    send: async (_target: string, { text = "" }: Outbound) => ({ messageId: `${sent.push(text)}` }),
  } as unknown as Connection;
  const deliverer = createDeliverer({
    outbox: store.outbox,
    clock: systemClock,
    log: silentLog,
    sender: () => ({ connection, idempotentSend: false, retry: defaultRetry }),
    onUnknown: () => "report",
    settled: () => {},
  });
  const running = {
    channel: "telegram",
    account: { id: "default", config: {} },
    definition: telegramChannel,
    connection,
  };
  const workplace = async () => ({ dir: rig.workspace() });
  const options = {
    agents: { get: async () => ({ workplace }) as unknown as Agent },
    engine: {
      current: () =>
        ({ runId: "run", route: { channel: "telegram", account: "default", target: "77" } }) as TurnRequest,
    },
    channels: { find: () => running } as unknown as ChannelManager,
    deliverer,
    store,
    sends: createToolSends(store.outbox),
    config: () => ({}),
    paths: { mediaDir: rig.dir() },
    clock: systemClock,
    callId: () => "the-same-call",
  };
  const tool = createMessageTool(options);
  const context = {
    sessionKey: "agent:main:main",
    toolCallId: "1",
    workspace: rig.workspace(),
    signal: new AbortController().signal,
  } as ToolContext;
  const first = await tool.execute({ message: "Once." }, context);
  expect(await tool.execute({ message: "Once." }, context)).toEqual(first);
  expect(sent).toEqual(["Once."]);
  store.database.close();
});
